import type { TrainingRecipe } from '../../../preload/training/recipe.js';
import type { Scores } from '../../../preload/training/train-call.js';
import { contactSheet, type RgbImage } from '../../core/image/contact-sheet.js';
import type { Graph } from '../../core/onnx/model.js';
import { sampleRandom } from '../../core/noise/sample-random.js';
import { BATCH_INPUTS, LOSS_OUTPUT } from '../../core/training/objectives.js';
import { VAE_INPUTS, VAE_SCORE_OUTPUTS } from '../../core/training/vae-objectives.js';
import { countActive, gradientEnergy, meanKl, meanPsnr } from '../../core/training/vae-scores.js';
import type { RuntimeTensor, SessionOptions } from '../runtime.js';
import { heldOutSamples } from './held-out.js';
import { Player, scalarOf } from './player.js';
import type { Evaluation } from './task.js';
import type { TrainingState } from './training-state.js';

/** Measures an autoencoder on crops of photos that it never learns from, and shows what it makes of them. */

/** Crops of the held-out photos, rounded up to whole batches. */
const LEAST_CROPS = 32;
/** Images in a row of the sheet, and rows of photos, each with the row of their reconstructions below. */
const SHEET = { columns: 8, rows: 2 } as const;
/** Steps count from 0 up: the codes of samples are drawn as no batch's are. */
const SAMPLES_STREAM = 2 ** 32 - 1;

type Shape = Pick<TrainingRecipe['data'], 'batch' | 'crop'>;

export class AutoencoderEvaluation {
  private constructor(
    private readonly player: Player,
    private readonly shape: Shape,
    private readonly latent: number,
    /** Of the objective, when all of it counts. */
    private readonly klWeight: number,
    /** [count,3,S,S]; empty where nothing is held out. */
    private readonly clean: Float32Array,
    /** [N,latent] from the prior. */
    private readonly codes: Float32Array,
  ) {}

  /** @param graph `vaeScore`, its weights as inputs */
  static async open(
    signal: AbortSignal,
    { data, net, objective, seed }: TrainingRecipe,
    graph: Graph,
    photos: readonly string[],
    session: SessionOptions,
  ): Promise<AutoencoderEvaluation> {
    if (net.kind !== 'vae' || objective.task !== 'autoencode') throw new TypeError('the recipe is of no autoencoder');
    const count = Math.ceil(LEAST_CROPS / data.batch) * data.batch;
    const samples =
      photos.length === 0 ? null : await heldOutSamples({ photos, recipe: data, seed, count, sigmas: [], signal });
    return new AutoencoderEvaluation(
      await Player.open(graph, session),
      data,
      net.latent,
      objective.kl.weight,
      samples?.sets[0]!.batch.clean ?? new Float32Array(0),
      drawCodes(seed, SAMPLES_STREAM, data.batch, net.latent),
    );
  }

  get isEmpty(): boolean {
    return this.clean.length === 0;
  }

  /** @param state whose running means are measured */
  async evaluate(signal: AbortSignal, state: TrainingState): Promise<Evaluation> {
    if (this.isEmpty) return { scores: {}, sheet: null };
    const { batch, crop } = this.shape;
    const perImage = 3 * crop * crop;
    const count = this.clean.length / perImage;
    const made = new Float32Array(this.clean.length);
    const [mean, logvar] = [new Float32Array(count * this.latent), new Float32Array(count * this.latent)];
    let sampled = new Float32Array(0);
    let loss = 0;
    for (let first = 0; first < count; first += batch) {
      signal.throwIfAborted();
      const clean = this.clean.subarray(first * perImage, (first + batch) * perImage);
      const given: Record<string, RuntimeTensor> = {
        [BATCH_INPUTS.clean]: { type: 'float32', dims: [batch, 3, crop, crop], data: clean },
        [VAE_INPUTS.epsilon]: { type: 'float32', dims: [batch, this.latent], data: this.codes },
      };
      const outputs = await this.player.run({ ...given, ...state.means() }, state);
      const floats = (name: string): Float32Array => outputs[name]!.data as Float32Array;
      made.set(floats(VAE_SCORE_OUTPUTS.reconstructed), first * perImage);
      mean.set(floats(VAE_SCORE_OUTPUTS.mean), first * this.latent);
      logvar.set(floats(VAE_SCORE_OUTPUTS.logvar), first * this.latent);
      sampled = floats(VAE_SCORE_OUTPUTS.sampled) as Float32Array<ArrayBuffer>;
      loss += (scalarOf(outputs, LOSS_OUTPUT) * batch) / count;
      // Calls of the host are heard between two runs.
      await new Promise(setImmediate);
    }
    const kl = meanKl(mean, logvar, count);
    const scores: Scores = {
      psnr: meanPsnr(made, this.clean, perImage),
      kl,
      active: countActive(mean, this.latent),
      sharpness: gradientEnergy(made, crop) / Math.max(Number.MIN_VALUE, gradientEnergy(this.clean, crop)),
      objective: loss + this.klWeight * kl,
    };
    return { scores, sheet: this.sheet(made, sampled) };
  }

  release(): Promise<void> {
    return this.player.release();
  }

  /** Photos and below them their reconstructions; at the bottom samples of the prior. */
  private sheet(made: Float32Array, sampled: Float32Array): RgbImage {
    const { crop } = this.shape;
    const perImage = 3 * crop * crop;
    const row = (all: Float32Array, index: number): Float32Array[] =>
      Array.from({ length: SHEET.columns }, (_, column) => {
        const from = (index * SHEET.columns + column) * perImage;
        return all.subarray(from, from + perImage);
      }).filter(({ length }) => length === perImage);
    const pairs = Array.from({ length: SHEET.rows }, (_, index) => [row(this.clean, index), row(made, index)]).flat();
    return contactSheet([...pairs, row(sampled, 0)], crop);
  }
}

/** N(0, 1), [count, latent]: each code depends on seed, stream and its index alone. */
export function drawCodes(seed: number, stream: number, count: number, latent: number): Float32Array {
  const codes = new Float32Array(count * latent);
  for (let index = 0; index < count; index++) {
    const random = sampleRandom(seed, stream, index);
    for (let unit = 0; unit < latent; unit++) codes[index * latent + unit] = random.normal();
  }
  return codes;
}
