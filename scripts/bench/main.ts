import { benchCpu } from './cpu.js';
import { benchGenerate } from './generate.js';
import { benchLearn } from './learn.js';
import { benchPeers } from './peers.js';
import { benchQuality } from './quality.js';
import { benchScale } from './scale.js';
import { benchSpeed } from './speed.js';
import { benchTrain } from './train.js';
import { benchUi } from './ui.js';

/** `npm run bench -- NAME [options]`: exits with 1 when a figure misses its reference or its budget. */

const BENCHES: Readonly<Record<string, (args: string[]) => Promise<boolean>>> = {
  cpu: benchCpu,
  generate: benchGenerate,
  learn: benchLearn,
  peers: benchPeers,
  quality: benchQuality,
  scale: benchScale,
  speed: benchSpeed,
  train: benchTrain,
  ui: benchUi,
};

const [name = '', ...args] = process.argv.slice(2);
const bench = BENCHES[name];
if (!bench) {
  console.error(`usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [options]`);
  process.exitCode = 2;
} else if (!(await bench(args))) {
  process.exitCode = 1;
}
