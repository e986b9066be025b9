import path from 'node:path';
import { addGaussianNoise } from '../../main/core/image/noise.js';
import { createRandom } from '../../main/core/image/random.js';
import { ROOT } from '../support/cli.js';
import { readPixels, SAMPLES, writePixels } from '../support/images.js';

/** Makes the photo that the window's welcome offers for a first try: the same bytes on every machine. */

const SIGMA = 22;
const SEED = 7;
const SOURCE = path.join(SAMPLES, 'coffee.png');
const TARGET = path.join(ROOT, 'resources/sample/Coffee.png');

const clean = await readPixels(SOURCE);
await writePixels(TARGET, addGaussianNoise(clean, SIGMA, createRandom(SEED)), clean.source);
console.log(TARGET);
