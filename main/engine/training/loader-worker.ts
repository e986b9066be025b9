import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { AppError, toWireError } from '../../core/errors.js';
import { bankOf } from './bank-file.js';
import { makeBatch } from './batches.js';
import type { LoaderReply, LoaderRequest, LoaderTask } from './loader-messages.js';
import { pairsOf } from './pairs.js';
import { PhotoStore, splitPhotos } from './photos.js';

/**
 * Entry of the thread that makes batches while the runtime computes. It makes a few ahead and then waits until one is
 * taken, so that memory stays bounded; it ends by itself when it is told to close.
 */

if (parentPort === null) throw new AppError('engine/internal', 'the loader is started as a worker thread');
const port = parentPort;
const task = workerData as LoaderTask;
const closing = new AbortController();
const isClosing = (): boolean => closing.signal.aborted;
let credits = task.ahead;
let wake: () => void = () => undefined;

function send(reply: LoaderReply, transfer: readonly ArrayBuffer[] = []): void {
  port.postMessage(reply, transfer);
}

async function work(): Promise<void> {
  const { recipe, seed, budget } = task;
  const bank = await bankOf(recipe.noise);
  const store = await PhotoStore.open(task.photos, {
    crop: recipe.crop,
    longestSide: recipe.longestSide,
    signal: closing.signal,
    onProgress: (fraction) => {
      send({ type: 'progress', fraction });
    },
    ...(budget !== null && { budget }),
  });
  const { training, heldOut } = task.holdOut
    ? splitPhotos(store.paths, recipe.heldOut)
    : { training: store.paths, heldOut: [] };
  const pairs = await pairsOf(recipe, 'training', closing.signal);
  send({ type: 'opened', photos: training, heldOut, problems: store.problems });
  for (let step = task.firstStep; !isClosing(); step++) {
    // Messages come between two batches.
    await setImmediate();
    while (credits === 0 && !isClosing()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (isClosing()) return;
    credits--;
    const batch = await makeBatch(store, training, recipe, seed, step, bank, pairs);
    send(
      { type: 'batch', batch },
      [batch.noisy, batch.clean, batch.sigma].map(({ buffer }) => buffer as ArrayBuffer),
    );
  }
}

port.on('message', (request: LoaderRequest) => {
  if (request.type === 'close') closing.abort();
  else credits++;
  wake();
});

try {
  await work();
} catch (error) {
  if (!isClosing()) send({ type: 'error', error: toWireError(error) });
}
// An open port keeps the thread alive.
port.close();
