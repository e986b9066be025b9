import { expect, it } from 'vitest';
import type { PhotoEntry } from '../../../../../preload/contract.js';
import { allProblems } from '../../../../../renderer/features/problems/all-problems.js';

const error = { code: 'input/damaged', message: 'half of it' };
const photo = (name: string, folder: string, wrong: PhotoEntry['error']): PhotoEntry =>
  ({ name, folder, error: wrong }) as PhotoEntry;

it('lists what did not come into the library, then what cannot be read in it, with its folder', () => {
  const refused = { name: 'film.cr2', error: { code: 'input/unsupported', message: 'RAW' } };
  const photos = [photo('a.jpg', 'Roll', null), photo('b.jpg', 'Roll', error), photo('c.jpg', '', error)];
  expect(allProblems([refused], photos)).toEqual([refused, { name: 'Roll/b.jpg', error }, { name: 'c.jpg', error }]);
});
