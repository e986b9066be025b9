import { describe, expect, it } from 'vitest';
import type { DroppedFile, UploadProgress } from '../../../../preload/contract.js';
import { batches, MAX_UPLOAD_BYTES, Uploader } from '../../../../preload/web/uploader.js';

const MB = 1024 * 1024;

/** A file that only says how large it is, unless its contents are asked for. */
function dropped(name: string, size = 10): DroppedFile {
  const file = new File(['0123456789'], name, { lastModified: 1000 });
  Object.defineProperty(file, 'size', { value: size });
  return { file, relativePath: `Concert/${name}` };
}

interface Sent {
  readonly list: readonly { readonly path: string; readonly modified: number }[];
  readonly files: number;
}

const read = (body: FormData): Sent => ({
  list: JSON.parse(body.get('list') as string) as Sent['list'],
  files: body.getAll('file').length,
});

const names = (sent: readonly Sent[]): string[] => sent.flatMap(({ list }) => list.map(({ path }) => path));

describe('batches', () => {
  it('are cut by number and by size, in order', () => {
    const many = Array.from({ length: 120 }, (_, index) => dropped(`${index}`));
    expect(batches(many).map((batch) => batch.length)).toEqual([50, 50, 20]);
    expect(batches(many).flat()).toEqual(many);
    const large = [dropped('a', 20 * MB), dropped('b', 20 * MB), dropped('c', 100 * MB), dropped('d'), dropped('e')];
    expect(batches(large).map((batch) => batch.length)).toEqual([1, 1, 1, 2]);
    expect(batches([])).toEqual([]);
  });
});

describe('sending', () => {
  it('tells names and times, and how far it is', async () => {
    const sent: Sent[] = [];
    const progress: UploadProgress[] = [];
    const uploader = new Uploader((body) => {
      sent.push(read(body));
      return Promise.resolve(new Response('{}'));
    });
    const files = Array.from({ length: 60 }, (_, index) => dropped(`${index}.jpg`));
    expect(await uploader.send(files, (step) => progress.push(step))).toEqual({ ok: true, result: {} });
    expect(sent.map(({ files }) => files)).toEqual([50, 10]);
    expect(sent[0]!.list[0]).toEqual({ path: 'Concert/0.jpg', modified: 1000 });
    expect(progress[0]).toEqual({ files: 0, total: 60 });
    expect(progress.at(-1)).toEqual({ files: 60, total: 60 });
  });

  it('sends the others when one cannot be sent, and says which', async () => {
    const sent: Sent[] = [];
    const uploader = new Uploader((body) => {
      const request = read(body);
      if (names([request]).includes('Concert/bad.jpg')) return Promise.reject(new TypeError('Failed to fetch'));
      sent.push(request);
      return Promise.resolve(new Response('{}'));
    });
    const reply = await uploader.send([dropped('a.jpg'), dropped('bad.jpg'), dropped('b.jpg')], () => undefined);
    expect(names(sent)).toEqual(['Concert/a.jpg', 'Concert/b.jpg']);
    expect(reply).toMatchObject({ ok: false, error: { message: '"Concert/bad.jpg" could not be read or sent.' } });
  });

  it('does not even try a file that is too large', async () => {
    const sent: Sent[] = [];
    const uploader = new Uploader((body) => {
      sent.push(read(body));
      return Promise.resolve(new Response('{}'));
    });
    const reply = await uploader.send([dropped('movie.tif', MAX_UPLOAD_BYTES + 1), dropped('a.jpg')], () => undefined);
    expect(names(sent)).toEqual(['Concert/a.jpg']);
    expect(reply).toMatchObject({ ok: false, error: { code: 'input/too-large' } });
  });

  it('stops where nothing more can be taken, in the words of the host', async () => {
    let requests = 0;
    const uploader = new Uploader(() => {
      requests++;
      return Promise.resolve(new Response('There is not enough space.\n', { status: 507 }));
    });
    const files = Array.from({ length: 500 }, (_, index) => dropped(`${index}.jpg`));
    const reply = await uploader.send(files, () => undefined);
    expect(reply).toMatchObject({
      ok: false,
      error: { code: 'output/disk-full', message: 'There is not enough space.' },
    });
    expect(requests).toBeLessThanOrEqual(2);
  });
});
