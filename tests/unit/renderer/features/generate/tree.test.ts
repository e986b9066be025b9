import { describe, expect, it } from 'vitest';
import type { ImageId } from '../../../../../preload/contract.js';
import {
  branchesOf,
  branchOff,
  canBranch,
  crumbsOf,
  currentNode,
  goTo,
  plantTree,
  setSheet,
  stepsKey,
  type Steps,
  type Tree,
} from '../../../../../renderer/features/generate/variations/tree.js';

const sha256 = '0'.repeat(64);
const step = (index: number, seed = 1): Steps[number] => ({ kind: 'around', seed, index, strength: 1 });

/** A variation of the current sheet of a tree. */
const variation = (tree: Tree, last: Steps[number]) => ({
  name: `to ${JSON.stringify(last)}`,
  picture: { image: `image${last.kind}` as ImageId },
  recipe: {
    version: 1 as const,
    made: 'variation' as const,
    vae: { encoder: sha256, decoder: sha256 },
    photo: { name: 'a.jpg', sha256 },
    steps: [...currentNode(tree).steps, last],
    denoise: {
      settings: { model: 'quality', strength: 1, luma: 1, chroma: 1, detail: 0, sigma: null },
      sha256,
    },
  },
});
const grow = (tree: Tree, last: Steps[number]): Tree => branchOff(tree, variation(tree, last));
const FIRST = { kind: 'around', strength: 1, seed: 7 } as const;
const lengths = (tree: Tree) => crumbsOf(tree).map(({ steps, where }) => [steps.length, where]);

describe('the tree of variations', () => {
  it('goes on from a variation with the settings of the sheet that it was on', () => {
    const tree = grow(setSheet(plantTree(FIRST), { strength: 0.5 }), step(3));
    expect(currentNode(tree)).toMatchObject({ steps: [step(3)], sheet: { ...FIRST, strength: 0.5 } });
    expect(lengths(tree)).toEqual([
      [0, 'behind'],
      [1, 'here'],
    ]);
  });

  it('is walked back and forth without losing anything', () => {
    const deep = grow(grow(plantTree(FIRST), step(3)), step(5));
    const back = goTo(deep, stepsKey([]));
    expect(lengths(back)).toEqual([
      [0, 'here'],
      [1, 'ahead'],
      [2, 'ahead'],
    ]);
    expect(lengths(goTo(back, deep.current))).toEqual(lengths(deep));
  });

  it('keeps what each sheet was made with', () => {
    const root = setSheet(plantTree(FIRST), { kind: 'directions', strength: 2 });
    const child = setSheet(grow(root, step(0)), { kind: 'around', seed: 99 });
    expect(currentNode(goTo(child, root.current)).sheet).toEqual({ kind: 'directions', strength: 2, seed: 7 });
    expect(currentNode(goTo(goTo(child, root.current), child.current)).sheet.seed).toBe(99);
  });

  it('has branches; the one that was followed last lies ahead', () => {
    const left = grow(plantTree(FIRST), step(1));
    const both = grow(goTo(left, stepsKey([])), { kind: 'direction', name: 'warmer', strength: 1 });
    const root = goTo(both, stepsKey([]));
    expect(branchesOf(root).map(({ steps }) => steps[0]!.kind)).toEqual(['around', 'direction']);
    expect(crumbsOf(root)[1]!.id).toBe(both.current);
    expect(crumbsOf(goTo(goTo(root, left.current), stepsKey([])))[1]!.id).toBe(left.current);
  });

  it('knows the same way again', () => {
    const once = grow(plantTree(FIRST), step(1));
    const grown = setSheet(once, { seed: 5 });
    const again = grow(goTo(grown, stepsKey([])), step(1));
    expect(again.nodes.size).toBe(2);
    expect(currentNode(again).sheet.seed).toBe(5);
  });

  it('tells ways apart by seed, number, strength, name and order', () => {
    const warm: Steps[number] = { kind: 'direction', name: 'warmer', strength: 1 };
    const ways: Steps[] = [
      [],
      [step(1)],
      [step(1, 2)],
      [step(2)],
      [{ ...step(1), strength: 2 }],
      [warm],
      [{ ...warm, name: 'cooler' }],
      [warm, step(1)],
      [step(1), warm],
    ];
    expect(new Set(ways.map(stepsKey)).size).toBe(ways.length);
    expect(stepsKey([{ strength: 1, index: 1, seed: 1, kind: 'around' }])).toBe(stepsKey([step(1)]));
  });

  it('ends where a recipe has as many steps as it can have', () => {
    expect(canBranch(Array.from({ length: 30 }, (_, i) => step(i)))).toBe(true);
    expect(canBranch(Array.from({ length: 31 }, (_, i) => step(i)))).toBe(false);
  });
});
