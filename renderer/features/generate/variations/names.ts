import type { TFunction } from 'i18next';
import type { SheetVariation } from '../../../../preload/contract.js';
import { en } from '../../../i18n/en/index.js';
import type { Steps } from './tree.js';

type DirectionName = keyof typeof en.generate.names;

const isDirection = (name: string): name is DirectionName => Object.hasOwn(en.generate.names, name);

/** What a direction is called, in the language in use. */
function directionName(name: string, t: TFunction<'generate'>): string {
  if (isDirection(name)) return t(`names.${name}`);
  return t('direction', { number: Number(name.replace(/\D/g, '')) });
}

/** What the last step of a variation is called; empty for the photo itself. */
export function nameOf(steps: Steps, t: TFunction<'generate'>): string {
  const step = steps.at(-1);
  if (step === undefined) return '';
  return step.kind === 'around' ? t('variation', { number: step.index + 1 }) : directionName(step.name, t);
}

/** A recipe in words: "IMG_1.jpg → seed 7, number 3, strength 1 → Warmer, strength 0.5". */
export function recipeText({ photo, steps }: SheetVariation['recipe'], t: TFunction<'generate'>): string {
  const parts = steps.map((step) =>
    step.kind === 'around'
      ? t('stepAround', { seed: step.seed, number: step.index + 1, strength: step.strength })
      : t('stepDirection', { name: directionName(step.name, t), strength: step.strength }),
  );
  return [photo.name, ...parts].join(' → ');
}
