import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { LearnRequest } from '../../../preload/learn/learn-call.js';
import { AppError } from '../../core/errors.js';
import { writeAtomically } from '../atomic-file.js';
import { CHECKPOINT_FILE, exists } from '../training/run-folder.js';

/** What the run was asked for, hashed. */
const Stored = z.object({ request: z.string() });

/**
 * Notes what a new run is asked for, or makes sure that one that goes on is asked for the same.
 * @throws AppError 'output/exists', 'input/not-found', 'input/damaged'; 'usage/invalid' when another run was asked for in the
 *   folder; 'output/...'
 */
export async function noteRequest(request: LearnRequest): Promise<void> {
  const file = join(request.out, 'notes.json');
  const hash = hashOf(request);
  const text = await readFile(file, 'utf8').catch(() => null);
  if (!request.resume) {
    // What ended before it began to train, for want of noise for instance, is in nobody's way.
    if (text !== null && (await exists(join(request.out, 'round-1', CHECKPOINT_FILE)))) {
      throw new AppError(
        'output/exists',
        `${request.out} holds a run: --resume goes on with it, or choose another folder`,
      );
    }
    await writeAtomically(file, { overwrite: true }, (temp) => writeFile(temp, JSON.stringify({ request: hash })));
    return;
  }
  if (text === null) throw new AppError('input/not-found', `${request.out} holds no run to go on with`);
  const stored = Stored.safeParse(jsonOf(text));
  if (!stored.success) throw new AppError('input/damaged', `${file} is damaged: start anew in another folder`);
  if (stored.data.request !== hash) {
    throw new AppError(
      'usage/invalid',
      'the run in this folder was asked for with other photos, another model or time: give the same',
    );
  }
}

function hashOf({ photos, clean, pairs, recipe, model, minutes, rate, seed }: LearnRequest): string {
  const scenes = pairs.map(({ frames }) => frames);
  // What later versions can be asked for is left out where it is not: their runs are those of earlier ones, too.
  const more = pairs.length > 0 || recipe !== 'refine' ? [scenes, recipe] : [];
  const text = JSON.stringify([[...photos].sort(), [...clean].sort(), model, minutes, rate, seed, ...more]);
  return createHash('sha256').update(text).digest('hex');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
