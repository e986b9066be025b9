import { expect, it } from 'vitest';
import { attachment } from '../../../main/web/downloads.js';

it.each([
  ['Stillgrain.zip', `attachment; filename="Stillgrain.zip"; filename*=UTF-8''Stillgrain.zip`],
  ['사진.zip', `attachment; filename="__.zip"; filename*=UTF-8''%EC%82%AC%EC%A7%84.zip`],
  ["it's (1).zip", `attachment; filename="it's (1).zip"; filename*=UTF-8''it%27s%20%281%29.zip`],
  ['a"\r\nx: y.zip', `attachment; filename="a___x: y.zip"; filename*=UTF-8''a%22%0D%0Ax%3A%20y.zip`],
])('names a download %j', (name, header) => {
  expect(attachment(name)).toBe(header);
});
