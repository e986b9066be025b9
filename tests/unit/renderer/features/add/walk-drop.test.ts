import { describe, expect, it } from 'vitest';
import { walkEntries, walkFiles } from '../../../../../renderer/features/add/walk-drop.js';

/** A tree as a browser hands it out: names of files, or folders with what is in them. */
interface Tree {
  readonly [name: string]: Tree | null;
}

const PORTION = 2;

function entry(name: string, content: Tree | null): FileSystemEntry {
  if (content === null) {
    const file = (resolve: (file: File) => void): void => {
      resolve(new File(['x'], name));
    };
    return { isFile: true, isDirectory: false, name, file } as unknown as FileSystemEntry;
  }
  const createReader = () => {
    const left = Object.entries(content).map(([child, below]) => entry(child, below));
    return {
      readEntries: (resolve: (entries: FileSystemEntry[]) => void): void => {
        resolve(left.splice(0, PORTION));
      },
    };
  };
  return { isFile: false, isDirectory: true, name, createReader } as unknown as FileSystemEntry;
}

const paths = ({ files }: { files: readonly { relativePath: string }[] }): string[] =>
  files.map(({ relativePath }) => relativePath);

const chosen = (path: string): File => {
  const file = new File(['x'], path.split('/').at(-1)!);
  Object.defineProperty(file, 'webkitRelativePath', { value: path.includes('/') ? path : '' });
  return file;
};

describe('a walked drop', () => {
  it('has all photos of the folders, however many portions they come in, in natural order with their folders', async () => {
    const tree = { 'b10.jpg': null, 'b2.JPG': null, 'a.png': null, raw: { 'x.tiff': null }, 'c.webp': null };
    expect(paths(await walkEntries([entry('Concert', tree)]))).toEqual([
      'Concert/a.png',
      'Concert/b2.JPG',
      'Concert/b10.jpg',
      'Concert/c.webp',
      'Concert/raw/x.tiff',
    ]);
  });

  it('leaves out what is no photo by its name and tells which; hidden files go unsaid', async () => {
    const walked = await walkEntries([
      entry('F', { 'a.jpg': null, 'b.txt': null, 'c.nef': null, '.DS_Store': null, '.cache': { 'd.jpg': null } }),
    ]);
    expect(paths(walked)).toEqual(['F/a.jpg']);
    expect(walked.leftOut).toEqual(['b.txt', 'c.nef']);
  });

  it('takes a file that was dropped by itself, whatever its name', async () => {
    const walked = await walkEntries([entry('notes.txt', null), entry('.hidden.jpg', null)]);
    expect(paths(walked)).toEqual(['notes.txt', '.hidden.jpg']);
    expect(walked.leftOut).toEqual([]);
  });

  it('stops at the limit and says so', async () => {
    const walked = await walkEntries([entry('F', { 'a.jpg': null, 'b.jpg': null, 'c.jpg': null })], 2);
    expect(paths(walked)).toEqual(['F/a.jpg', 'F/b.jpg']);
    expect(walked.truncated).toBe(true);
    expect((await walkEntries([entry('F', { 'a.jpg': null, 'b.jpg': null })], 2)).truncated).toBe(false);
  });

  it('does not follow folders without end', async () => {
    const loop: Record<string, unknown> = { 'a.jpg': null };
    loop['again'] = loop;
    const walked = await walkEntries([entry('F', loop as Tree)]);
    expect(walked.files.length).toBeLessThan(30);
  });
});

describe('files of an input', () => {
  it('keep the folders that they were chosen with', () => {
    expect(paths(walkFiles([chosen('F/sub/a.jpg'), chosen('b.jpg')]))).toEqual(['F/sub/a.jpg', 'b.jpg']);
  });

  it('are judged by their names in folders, and taken as they are without', () => {
    const walked = walkFiles([chosen('F/a.txt'), chosen('F/.b.jpg'), chosen('F/.git/c.jpg'), chosen('d.txt')]);
    expect(paths(walked)).toEqual(['d.txt']);
    expect(walked.leftOut).toEqual(['a.txt']);
  });

  it('stop at the limit', () => {
    expect(walkFiles([chosen('a.jpg'), chosen('b.jpg')], 1)).toMatchObject({ truncated: true });
  });
});
