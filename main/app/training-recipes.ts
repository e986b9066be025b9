import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TrainingRecipe } from '../../preload/training/recipe.js';
import { AppError } from '../core/errors.js';

/** Recipes for training: those that ship, by name, and any .json file. */

const EXTENSION = '.json';

/** Where the recipes are that ship. `resources`: of a package, whose models lie outside of its code. */
export const recipesFolder = (resources?: string): string =>
  resolve(
    process.env['STILLGRAIN_MODELS_DIR'] ??
      (resources === undefined
        ? fileURLToPath(new URL('../../../models', import.meta.url))
        : join(resources, 'models')),
    'recipes',
  );

/**
 * @param nameOrPath a shipped recipe's name, or the path of a recipe
 * @param folder where the shipped ones are
 * @returns the recipe, with the path of a net's file made absolute
 * @throws AppError 'input/not-found', 'usage/invalid' with the place of the mistake
 */
export async function readRecipe(nameOrPath: string, folder: string): Promise<TrainingRecipe> {
  const isPath = nameOrPath.endsWith(EXTENSION) || /[\\/]/.test(nameOrPath);
  const file = isPath ? resolve(nameOrPath) : join(folder, `${nameOrPath}${EXTENSION}`);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isPath && (error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new AppError('input/unreadable', `the recipe ${file} could not be read`, { cause: error });
    }
    const names = (await shippedRecipes(folder)).join(', ');
    const what = isPath ? `there is no recipe ${file}` : `there is no recipe '${nameOrPath}'`;
    throw new AppError('input/not-found', `${what}: choose ${names} or the path of a .json file`, { cause: error });
  }
  const recipe = parseRecipe(text, file);
  return recipe.net.kind === 'file'
    ? { ...recipe, net: { ...recipe.net, path: resolve(dirname(file), recipe.net.path) } }
    : recipe;
}

/** Names of the recipes that ship. */
export async function shippedRecipes(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch(() => []);
  return files
    .filter((file) => file.endsWith(EXTENSION))
    .map((file) => file.slice(0, -EXTENSION.length))
    .sort();
}

function parseRecipe(text: string, file: string): TrainingRecipe {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new AppError('usage/invalid', `the recipe ${file} is not JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const parsed = TrainingRecipe.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue!.path.map(String).join('.');
  throw new AppError('usage/invalid', `the recipe ${file}: ${place === '' ? '' : `${place}: `}${issue!.message}`);
}
