import { describe, expect, it } from 'vitest';
import { groupScenes } from '../../../main/app/scenes.js';

const under = (folder: string, ...names: string[]): string[] => names.map((name) => `/photos/${folder}/${name}`);

describe('groupScenes', () => {
  it('takes a folder whose names have nothing in common for one scene', () => {
    const frames = under('tree', 'left.jpg', 'DSC0012.jpg', 'later.jpg');
    expect(groupScenes(frames)).toEqual({
      scenes: [{ name: '/photos/tree', frames: under('tree', 'DSC0012.jpg', 'later.jpg', 'left.jpg') }],
      alone: [],
    });
  });

  it('takes names that differ in a number or a word at their end for frames of one scene', () => {
    const paths = under('', 'desk-noisy.png', 'desk-clean.png', 'chair_2.jpg', 'chair_10.jpg', 'Chair 1.jpg').map(
      (path) => path.replace('//', '/'),
    );
    const { scenes, alone } = groupScenes(paths);
    expect(scenes).toEqual([
      { name: '/photos/chair', frames: ['/photos/chair_2.jpg', '/photos/chair_10.jpg'] },
      // The noisy one is what the other is compared with.
      { name: '/photos/desk', frames: ['/photos/desk-noisy.png', '/photos/desk-clean.png'] },
    ]);
    expect(alone).toEqual(['/photos/Chair 1.jpg']);
  });

  it('keeps parts of one photograph apart that only the number before the word tells', () => {
    const { scenes } = groupScenes(
      under('set', 'toy_1_real.JPG', 'toy_1_mean.JPG', 'toy_2_real.JPG', 'toy_2_mean.JPG'),
    );
    expect(scenes.map(({ name }) => name)).toEqual(['/photos/set/toy_1', '/photos/set/toy_2']);
  });

  it('keeps folders apart, and finds photos that are alone', () => {
    const paths = [...under('a', '1.jpg', '2.jpg'), ...under('b', '1.jpg', '2.jpg', '3.jpg'), ...under('c', '1.jpg')];
    const { scenes, alone } = groupScenes(paths);
    expect(scenes.map(({ frames }) => frames.length)).toEqual([2, 3]);
    expect(alone).toEqual(['/photos/c/1.jpg']);
    expect(groupScenes([])).toEqual({ scenes: [], alone: [] });
  });
});
