import { basename, dirname, extname, join } from 'node:path';
import type { Scene } from '../../preload/learn/learn-call.js';
import { groupBy } from '../core/group-by.js';
import { naturalOrder } from './natural-order.js';

/** Which photos are frames of one scene, told by their folders and names. */

/** What a name ends with that tells frames of a scene apart, besides numbers; those that say which is the clean one. */
const CLEAN_WORDS = ['clean', 'mean', 'gt', 'reference', 'ref', 'truth'];
const NOISY_WORDS = ['noisy', 'real', 'raw', 'noise'];
const LAST_PART = new RegExp(`^(?:(.*)[ ._-])?(?:\\d+|(${CLEAN_WORDS.join('|')})|${NOISY_WORDS.join('|')})$`, 'i');

export interface GroupedScenes {
  readonly scenes: readonly Scene[];
  /** Photos that are the only frame of their scene. */
  readonly alone: readonly string[];
}

/**
 * Groups photos by scene. In one folder, names that differ only in their last part, a number or one of a few words
 * (chair_1, chair_2; desk-noisy, desk-clean), are of one scene. Where no two names go together like that, the folder is
 * the scene. The first frame of a scene, with which the others are compared, is not the clean one.
 */
export function groupScenes(paths: readonly string[]): GroupedScenes {
  const scenes: Scene[] = [];
  const alone: string[] = [];
  for (const [folder, photos] of groupBy([...paths].sort(naturalOrder), (path) => dirname(path))) {
    const byName = groupBy(photos, (path) => stemOf(path));
    const named = [...byName].filter(([, frames]) => frames.length > 1);
    if (named.length === 0 && photos.length > 1) {
      scenes.push({ name: folder, frames: noisyFirst(photos) });
      continue;
    }
    for (const [stem, frames] of byName) {
      if (frames.length === 1) alone.push(frames[0]!);
      else scenes.push({ name: join(folder, stem), frames: noisyFirst(frames) });
    }
  }
  return { scenes, alone };
}

const plainName = (path: string): string => basename(path, extname(path));

/** A name without its last part; as it is if that is no number and none of the words. */
function stemOf(path: string): string {
  const name = plainName(path);
  const match = LAST_PART.exec(name);
  return match === null ? name : (match[1] ?? '');
}

function noisyFirst(frames: readonly string[]): string[] {
  const isClean = (path: string): boolean => LAST_PART.exec(plainName(path))?.[2] !== undefined;
  return [...frames.filter((path) => !isClean(path)), ...frames.filter(isClean)];
}
