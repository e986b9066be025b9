import type { ImageId, SheetVariation, VariationKind } from '../../../../preload/contract.js';
import { MOST_PARENT_STEPS } from '../../../../preload/vocabulary.js';

/** The tree of one photo's variations: where one went on from, and the way back. Pure. */

export type Steps = SheetVariation['recipe']['steps'];

/** What a sheet is made with, at one place of the tree. */
export interface SheetSettings {
  readonly kind: VariationKind;
  readonly strength: number;
  readonly seed: number;
}

export interface TreeNode {
  /** What its steps are: the same way leads to the same node. */
  readonly id: string;
  /** null: the photo itself. */
  readonly parent: string | null;
  readonly steps: Steps;
  /** As the engine calls it. */
  readonly name: string;
  /** null for the photo itself. */
  readonly image: ImageId | null;
  readonly sheet: SheetSettings;
  /** The branch that was followed last. */
  readonly next: string | null;
}

export interface Tree {
  readonly nodes: ReadonlyMap<string, TreeNode>;
  /** Where one is. */
  readonly current: string;
}

/** A place on the way from the photo through the current place to where one was before walking back. */
export interface Crumb extends TreeNode {
  readonly where: 'behind' | 'here' | 'ahead';
}

/** Steps as a key; equal steps have equal keys whatever made them. */
export function stepsKey(steps: Steps): string {
  return JSON.stringify(
    steps.map((step) =>
      step.kind === 'around'
        ? [step.kind, step.seed, step.index, step.strength]
        : [step.kind, step.name, step.strength],
    ),
  );
}

const ROOT = stepsKey([]);

/** A tree with nothing but the photo. */
export function plantTree(sheet: SheetSettings): Tree {
  const root: TreeNode = { id: ROOT, parent: null, steps: [], name: '', image: null, sheet, next: null };
  return { nodes: new Map([[ROOT, root]]), current: ROOT };
}

export const currentNode = (tree: Tree): TreeNode => tree.nodes.get(tree.current)!;

/** Whether the current place can be gone on from. */
export const canBranch = (steps: Steps): boolean => steps.length <= MOST_PARENT_STEPS;

/** Goes on from a variation of the current sheet, with the sheet's own settings at first. */
export function branchOff(
  tree: Tree,
  variation: Pick<SheetVariation, 'name' | 'recipe'> & { readonly picture: { readonly image: ImageId } },
): Tree {
  const { steps } = variation.recipe;
  const id = stepsKey(steps);
  const here = currentNode(tree);
  const known = tree.nodes.get(id);
  const node: TreeNode = known ?? {
    id,
    parent: here.id,
    steps,
    name: variation.name,
    image: variation.picture.image,
    sheet: here.sheet,
    next: null,
  };
  return goTo({ ...tree, nodes: new Map(tree.nodes).set(id, node) }, id);
}

/** Goes to a place; the way there is the one that is walked along from then on. */
export function goTo(tree: Tree, id: string): Tree {
  const nodes = new Map(tree.nodes);
  for (let at = nodes.get(id); at !== undefined && at.parent !== null; at = nodes.get(at.parent)) {
    const parent = nodes.get(at.parent)!;
    if (parent.next !== at.id) nodes.set(parent.id, { ...parent, next: at.id });
  }
  return { nodes, current: id };
}

/** Changes what the current sheet is made with. */
export function setSheet(tree: Tree, patch: Partial<SheetSettings>): Tree {
  const here = currentNode(tree);
  const nodes = new Map(tree.nodes).set(here.id, { ...here, sheet: { ...here.sheet, ...patch } });
  return { ...tree, nodes };
}

/** The way from the photo to the current place, and on to where one was before walking back. */
export function crumbsOf(tree: Tree): Crumb[] {
  const crumbs: Crumb[] = [];
  for (let at: TreeNode | undefined = currentNode(tree); at !== undefined;) {
    crumbs.unshift({ ...at, where: at.id === tree.current ? 'here' : 'behind' });
    at = at.parent === null ? undefined : tree.nodes.get(at.parent);
  }
  for (let id = currentNode(tree).next; id !== null; id = tree.nodes.get(id)!.next) {
    crumbs.push({ ...tree.nodes.get(id)!, where: 'ahead' });
  }
  return crumbs;
}

/** Where one went on from the current place, in the order of going. */
export const branchesOf = (tree: Tree): TreeNode[] =>
  [...tree.nodes.values()].filter(({ parent }) => parent === tree.current);
