import type { VariationStep } from '../../../preload/generate/recipe.js';
import { AppError } from '../../core/errors.js';
import { createRandom } from '../../core/image/random.js';
import { ATTRIBUTES, ATTRIBUTE_NAMES, NEUTRAL_ATTRIBUTES, type Attribute } from '../../core/latent/attributes.js';
import type { DecodedSquare } from '../../core/latent/change.js';
import { editedByStep } from '../../core/latent/edits.js';
import { attributeDirections, effectOf, readDirection, type Effect } from '../../core/latent/directions.js';
import { addScaled, dot, norm, scaled } from '../../core/latent/vectors.js';
import { sampleRandom } from '../../core/noise/sample-random.js';
import type { Vae } from './vae.js';

/** Moves from a latent: random ones, and along directions that were measured right there. */

/** Standard deviation of a random move of strength 1 along each axis of the latent space, in the prior's own. */
const SPREAD = 0.45;
/** Standard deviation of what a random move of strength 1 does to each attribute on top of that, in its steps. */
const LIGHT_SPREAD = 0.3;
/** A direction of strength 1 is at most so long, beside the latent: further away the decoder was never trained. */
const LONGEST_SHARE = 0.6;
/** Corrections of a direction, each by what it was measured to do, and the share of the error that each takes. */
const CORRECTIONS = 3;
const CORRECTION_SHARE = 0.8;
/** Largest error of any attribute, in its steps, that is left alone. */
const CLOSE_ENOUGH = 0.15;
/**
 * Error, in steps, that a change counts as which has nothing in common with the plain edit: means can be right where one
 * half of the picture turned orange and the other blue.
 */
const STRAYING = 2;
/** How far from the latent, as a share of its length, a direction is tried as well before it gets a name. */
const NEIGHBOUR_SHARE = 0.2;
const NEIGHBOUR_SEED = 20_240_501;

/** A direction with the name that measuring it gave. */
export interface NamedDirection {
  readonly name: string;
  readonly move: Float64Array;
}

/** A latent and its picture. */
interface Place {
  readonly latent: Float64Array;
  readonly picture: DecodedSquare;
}

/** What can be done from one latent. */
export class Compass implements Place {
  private measured: Promise<readonly NamedDirection[]> | undefined;
  private edits: Promise<ReadonlyMap<Attribute, Float64Array>> | undefined;
  private readonly among: readonly Attribute[];

  private constructor(
    private readonly vae: Vae,
    readonly latent: Float64Array,
    readonly picture: DecodedSquare,
    /** Whether the photo has no colour, which then nothing gives it. */
    private readonly neutral: boolean,
  ) {
    this.among = neutral ? NEUTRAL_ATTRIBUTES : ATTRIBUTES;
  }

  static async at(vae: Vae, latent: Float64Array, neutral: boolean): Promise<Compass> {
    return new Compass(vae, latent, await vae.decode(latent), neutral);
  }

  /** The place that a step leads to. @throws AppError usage/invalid for a direction that there is not */
  async after(step: VariationStep): Promise<Compass> {
    const latent = step.strength === 0 ? this.latent : addScaled(this.latent, await this.move(step), step.strength);
    return Compass.at(this.vae, latent, this.neutral);
  }

  /** The directions in the order in which they are offered. */
  named(): Promise<readonly NamedDirection[]> {
    this.measured ??= this.measure();
    return this.measured;
  }

  private async move(step: VariationStep): Promise<Float64Array> {
    if (step.kind === 'around') {
      const random = sampleRandom(step.seed, step.index, 0);
      let move: Float64Array = this.latent.map(() => SPREAD * random.normal());
      this.edits ??= this.encodeEdits();
      for (const edit of (await this.edits).values()) move = addScaled(move, edit, LIGHT_SPREAD * random.normal());
      return move;
    }
    const named = await this.named();
    const direction = named.find(({ name }) => name === step.name);
    if (direction !== undefined) return direction.move;
    const names = named.map(({ name }) => name).join(', ');
    throw new AppError('usage/invalid', `there is no direction '${step.name}' from here: there are ${names}`);
  }

  /** Where more of each attribute lies, as the encoder sees it. */
  private async encodeEdits(): Promise<ReadonlyMap<Attribute, Float64Array>> {
    const here = (await this.vae.encode(this.picture.data)).mean;
    const edits = new Map<Attribute, Float64Array>();
    for (const attribute of this.among) {
      const { mean } = await this.vae.encode(editedByStep(this.picture, attribute, 1).data);
      edits.set(attribute, addScaled(mean, here, -1));
    }
    return edits;
  }

  /**
   * Starts each direction where the encoder puts a picture that was plainly edited that way, and corrects it by what it
   * does to all attributes: by chords of Newton's method with the right inverse of the decoder's Jacobian.
   */
  private async measure(): Promise<readonly NamedDirection[]> {
    const gradients = await this.vae.attributeGradients(this.latent, this.picture);
    const inverse = attributeDirections(this.among.map((attribute) => gradients.get(attribute)!));
    const here = (await this.vae.encode(this.picture.data)).mean;
    const neighbour = await this.neighbour();
    const named: NamedDirection[] = [];
    let unnamed = 0;
    for (const attribute of this.among) {
      for (const sign of [1, -1] as const) {
        const edited = editedByStep(this.picture, attribute, sign);
        const start = addScaled((await this.vae.encode(edited.data)).mean, here, -1);
        const { move, effect } = await this.corrected(start, edited, attribute, sign, inverse);
        const there = await this.vae.decode(addScaled(neighbour.latent, move, 1));
        const { name } = readDirection([effect, effectOf(neighbour.picture, there)], this.among);
        const isNew = name !== null && !named.some((other) => other.name === name);
        named.push({ name: isNew ? name : `direction ${++unnamed}`, move });
      }
    }
    return named.sort((a, b) => rank(a.name) - rank(b.name));
  }

  /** The move found nearest to one step of the attribute and none of the others, and to what the plain edit does where. */
  private async corrected(
    start: Float64Array,
    edited: DecodedSquare,
    attribute: Attribute,
    sign: 1 | -1,
    inverse: readonly Float64Array[],
  ): Promise<{ readonly move: Float64Array; readonly effect: Effect }> {
    let best: { move: Float64Array; effect: Effect; error: number } | undefined;
    let move = this.shortened(start);
    for (let k = 0; k <= CORRECTIONS; k++) {
      const there = await this.vae.decode(addScaled(this.latent, move, 1));
      const effect = effectOf(this.picture, there);
      const errors = this.among.map((other) => (other === attribute ? sign : 0) - effect[other]);
      const missed = Math.max(...errors.map(Math.abs));
      const error = missed + STRAYING * (1 - likeness(this.picture, there, edited));
      if (best === undefined || error < best.error) best = { move, effect, error };
      if (missed < CLOSE_ENOUGH) break;
      errors.forEach((e, i) => (move = addScaled(move, inverse[i]!, CORRECTION_SHARE * e)));
      move = this.shortened(move);
    }
    return best!;
  }

  private shortened(move: Float64Array): Float64Array {
    return scaled(move, Math.min(1, (LONGEST_SHARE * norm(this.latent)) / norm(move)));
  }

  private async neighbour(): Promise<Place> {
    const random = createRandom(NEIGHBOUR_SEED);
    const away = this.latent.map(() => random.normal());
    const latent = addScaled(this.latent, away, (NEIGHBOUR_SHARE * norm(this.latent)) / norm(away));
    return { latent, picture: await this.vae.decode(latent) };
  }
}

/** The cosine between what was changed and what the edit changes, over all values of the picture. */
function likeness(picture: DecodedSquare, changed: DecodedSquare, edited: DecodedSquare): number {
  const [did, should] = [changed, edited].map(({ data }) => data.map((x, i) => x - picture.data[i]!));
  const lengths = norm(did!) * norm(should!);
  return lengths > 0 ? dot(did!, should!) / lengths : 0;
}

/** What people ask for most comes first; what has no name last. */
const OFFERED: readonly Attribute[] = [
  'warmth',
  'brightness',
  'contrast',
  'colourfulness',
  'sideLight',
  'topLight',
  'tint',
];
const NAMES = OFFERED.flatMap((attribute) => ATTRIBUTE_NAMES[attribute]);

function rank(name: string): number {
  const at = NAMES.indexOf(name);
  return at < 0 ? NAMES.length + Number(name.replace(/\D/g, '')) : at;
}
