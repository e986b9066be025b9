import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { NoiseRecipe } from '../../../preload/training/data-recipe.js';
import { NoiseProfile } from '../../../preload/learn/profile.js';
import { AppError } from '../../core/errors.js';
import type { NoiseBank } from '../../core/noise/bank.js';
import { writeAtomically } from '../atomic-file.js';
import { messageOf } from '../codec/faults.js';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.js';

/** A bank of noise as a file: the container of checkpoints, with its check sum. */

const Header = z.object({
  groups: z.array(z.object({ weight: z.number(), profile: NoiseProfile, fields: z.int().min(1) })).min(1),
});

export async function writeBank(file: string, { groups }: NoiseBank): Promise<void> {
  const arrays = new Map(
    groups.flatMap((group, g) => group.fields.map((field, f): [string, Float32Array] => [nameOf(g, f), field])),
  );
  const notes = { groups: groups.map(({ weight, profile, fields }) => ({ weight, profile, fields: fields.length })) };
  const bytes = encodeCheckpoint({ notes, arrays });
  await writeAtomically(file, { overwrite: true }, (temp) => writeFile(temp, bytes));
}

/** @throws AppError 'input/unreadable', 'input/damaged' */
export async function readBank(file: string): Promise<NoiseBank> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new AppError('input/unreadable', `the noise in ${file} could not be read: ${messageOf(error)}`, {
      cause: error,
    });
  });
  const { notes, arrays } = decodeCheckpoint(bytes);
  const { groups } = Header.parse(notes);
  return {
    groups: groups.map(({ weight, profile, fields }, g) => ({
      weight,
      profile,
      fields: Array.from({ length: fields }, (_, f) => arrays.get(nameOf(g, f))!),
    })),
  };
}

/** The bank that a recipe has a share for; null: none. Errors as `readBank`. */
export async function bankOf({ bank }: NoiseRecipe): Promise<NoiseBank | null> {
  return bank.share > 0 && bank.file !== null ? readBank(bank.file) : null;
}

const nameOf = (group: number, field: number): string => `${group}/${field}`;
