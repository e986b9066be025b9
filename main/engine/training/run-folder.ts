import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/errors.js';
import { encodeModel } from '../../core/onnx/codec.js';
import type { RgbImage } from '../../core/image/contact-sheet.js';
import type { Model } from '../../core/onnx/model.js';
import { writeAtomically, writeFault } from '../atomic-file.js';
import { encodePicture } from '../codec.js';
import { errnoOf, messageOf } from '../codec/faults.js';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint.js';

/** All that it takes to go on with a run; written before anything else of it. */
export const CHECKPOINT_FILE = 'checkpoint.bin';
/** A line of JSON for each step and each evaluation. */
export const METRICS_FILE = 'metrics.jsonl';

/**
 * The folder of a run: `checkpoint.bin` (all that it takes to go on), `metrics.jsonl` (a line for each step and each
 * evaluation), the models and `samples.png` (of autoencoders). Every file but the metrics is there whole or not at all; the metrics are cut back to the
 * checkpoint when a run goes on.
 */
export class RunFolder {
  private readonly checkpointFile: string;
  private readonly metricsFile: string;
  private pendingLines: string[] = [];

  /** @param path a folder that is there */
  constructor(readonly path: string) {
    this.checkpointFile = join(path, CHECKPOINT_FILE);
    this.metricsFile = join(path, METRICS_FILE);
  }

  /** @throws AppError 'output/exists' where a run has been */
  async refuseUsed(): Promise<void> {
    for (const file of [this.checkpointFile, this.metricsFile]) {
      if (await exists(file)) {
        throw new AppError(
          'output/exists',
          `${this.path} holds a training run: --resume goes on with it, or choose another folder`,
        );
      }
    }
  }

  /** @throws AppError 'input/not-found' where no run has been, 'input/damaged', 'input/unreadable' */
  async readCheckpoint(): Promise<Checkpoint> {
    let bytes: Buffer;
    try {
      bytes = await readFile(this.checkpointFile);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') {
        throw new AppError(
          'input/not-found',
          `${this.path} holds no training run to go on with (checkpoint.bin is not there)`,
        );
      }
      throw new AppError('input/unreadable', `${this.checkpointFile} could not be read: ${messageOf(error)}`, {
        cause: error,
      });
    }
    return decodeCheckpoint(bytes);
  }

  async writeCheckpoint(checkpoint: Checkpoint): Promise<void> {
    await this.flushMetrics();
    await this.replace(this.checkpointFile, encodeCheckpoint(checkpoint));
  }

  modelFile(name: string): string {
    return join(this.path, `${name}.onnx`);
  }

  /** Writes a model beside the checkpoint. */
  async writeModel(name: string, model: Model): Promise<void> {
    await this.replace(this.modelFile(name), encodeModel(model));
  }

  /** Writes the picture that a person can judge the last evaluation by. */
  async writeSheet(sheet: RgbImage): Promise<void> {
    await this.replace(join(this.path, 'samples.png'), await encodePicture({ ...sheet, channels: 3 }, 'png'));
  }

  /** Adds a line of metrics; it is on the disk after `flushMetrics`. */
  addMetrics(line: Readonly<Record<string, unknown>>): void {
    this.pendingLines.push(`${JSON.stringify(line)}\n`);
  }

  async flushMetrics(): Promise<void> {
    if (this.pendingLines.length === 0) return;
    const text = this.pendingLines.join('');
    this.pendingLines = [];
    try {
      await appendFile(this.metricsFile, text);
    } catch (error) {
      throw await writeFault(error, this.path);
    }
  }

  /** Takes out what was noted after a step, and a last line that a kill left unfinished. */
  async cutMetrics(step: number): Promise<void> {
    const text = await readFile(this.metricsFile, 'utf8').catch(() => '');
    const lines = text.split('\n').slice(0, -1);
    const kept = lines.filter((line) => stepOf(line) <= step).map((line) => `${line}\n`);
    await this.replace(this.metricsFile, Buffer.from(kept.join('')));
  }

  private replace(file: string, bytes: Uint8Array): Promise<void> {
    return writeAtomically(file, { overwrite: true }, (temp) => writeFile(temp, bytes));
  }
}

function stepOf(line: string): number {
  try {
    const { step } = JSON.parse(line) as { step?: unknown };
    return typeof step === 'number' ? step : Infinity;
  } catch {
    return Infinity;
  }
}

/** Whether something is at a path. */
export const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );
