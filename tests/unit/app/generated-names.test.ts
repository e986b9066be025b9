import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { numberedNames, placeOutput, variationName } from '../../../main/app/generated-names.js';
import { tempFolder } from '../../support/temp-folder.js';

describe('names of generated files', () => {
  it('say what a variation is, in the format that it is written in', () => {
    expect(variationName('/photos/Cat.JPG', 'more contrast', 'keep')).toBe('Cat-more-contrast.JPG');
    expect(variationName('/photos/Cat.JPG', 'variation 3', 'tiff')).toBe('Cat-variation-3.tif');
  });

  it('are numbered so that they sort', () => {
    expect(numberedNames('frame', 2, '.png')).toEqual(['frame-001.png', 'frame-002.png']);
    expect(numberedNames('frame', 1000, '.png')[4]).toBe('frame-0005.png');
  });

  it('keep what is there, replace it or make way for it', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'a.png'), '');
    expect(await placeOutput(folder, 'a.png', 'skip', new Set())).toBeNull();
    expect(await placeOutput(folder, 'a.png', 'overwrite', new Set())).toEqual({
      path: join(folder, 'a.png'),
      overwrite: true,
    });
    expect(await placeOutput(folder, 'a.png', 'rename', new Set())).toEqual({
      path: join(folder, 'a (2).png'),
      overwrite: false,
    });
  });

  it('are never given twice in a run', async () => {
    const folder = tempFolder();
    const taken = new Set<string>();
    const paths = [];
    for (let i = 0; i < 3; i++) paths.push((await placeOutput(folder, 'a.png', 'skip', taken))?.path);
    expect(paths).toEqual(['a.png', 'a (2).png', 'a (3).png'].map((name) => join(folder, name)));
  });
});
