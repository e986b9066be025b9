import { fork, spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_DENOISE, DEFAULT_ENCODE, DEFAULT_RUNTIME } from '../../preload/contract.js';
import {
  EngineMessage,
  OpenedPhoto,
  PreviewFiles,
  type DenoiseRequest,
  type EngineProgress,
} from '../../preload/engine-protocol.js';
import { addGaussianNoise } from '../../main/core/image/noise.js';
import { createRandom } from '../../main/core/image/random.js';
import { samplePath, writePng } from '../support/photos.js';

/** The real engine process, as hosts fork it: the protocol's promises, and what happens when memory runs out. */

const ENTRY = fileURLToPath(new URL('../../dist/bundle/engine/main.js', import.meta.url));

class Engine {
  readonly messages: EngineMessage[] = [];
  private id = 0;
  private wake: () => void = () => undefined;

  constructor(readonly child: ChildProcess) {
    child.on('message', (raw) => {
      this.messages.push(EngineMessage.parse(raw));
      this.wake();
    });
  }

  async until<T>(find: (messages: readonly EngineMessage[]) => T | undefined): Promise<T> {
    for (;;) {
      const found = find(this.messages);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  ready(): Promise<unknown> {
    return this.until((messages) => messages.find(({ type }) => type === 'ready'));
  }

  send(call: string, params: unknown): number {
    const id = ++this.id;
    this.child.send({ type: 'call', id, call, params });
    return id;
  }

  answer(id: number): Promise<EngineMessage> {
    return this.until((messages) =>
      messages.find((message) => (message.type === 'result' || message.type === 'error') && message.id === id),
    );
  }

  progress(id: number): EngineProgress[] {
    return this.messages.filter((message) => message.type === 'progress').filter((message) => message.id === id);
  }

  exit(): Promise<number | null> {
    return new Promise((resolve) => this.child.once('exit', resolve));
  }
}

let folder: string;
let engine: Engine;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillgrain-engine-'));
  engine = new Engine(fork(ENTRY, [], { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }));
  await engine.ready();
});

afterEach(async () => {
  engine.child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function request(input: string, output = 'out.png'): DenoiseRequest {
  return {
    input,
    output: join(folder, output),
    overwrite: false,
    settings: { ...DEFAULT_DENOISE, model: 'fast' },
    encode: DEFAULT_ENCODE,
    runtime: { ...DEFAULT_RUNTIME, tile: 256 },
  };
}

/** A request for a sample photo, with something changed. */
const requestWith = (change: Partial<DenoiseRequest>): DenoiseRequest => ({
  ...request(samplePath('rocket')),
  ...change,
});

/** A provider that the runtime for this system was built without. */
const FOREIGN = process.platform === 'win32' ? 'coreml' : 'dml';

/** A noisy photo large enough that work on it can be interrupted. */
async function largePhoto(width = 1400, height = 900): Promise<string> {
  const data = new Uint8Array(width * height * 3).map((_, i) => 90 + ((i * 13) % 70));
  const path = join(folder, 'large.png');
  await writePng(addGaussianNoise({ width, height, channels: 3, data }, 20, createRandom(1)), path);
  return path;
}

describe('the engine process', () => {
  it('denoises, with progress in [0,1] that never goes back and ends at 1', async () => {
    const id = engine.send('denoise', request(samplePath('coffee')));
    expect(await engine.answer(id)).toMatchObject({
      type: 'result',
      result: { notes: [], trust: { verdict: 'good' } },
    });
    const fractions = engine.progress(id).map(({ fraction }) => fraction);
    expect(fractions.at(-1)).toBe(1);
    expect(fractions.toSorted((a, b) => a - b)).toEqual(fractions);
    expect((await stat(join(folder, 'out.png'))).size).toBeGreaterThan(0);
  });

  it('works on several photos at once and answers each', async () => {
    const ids = ['astronaut', 'chelsea', 'coffee', 'rocket'].map((name) =>
      engine.send('denoise', request(samplePath(name as 'coffee'), `${name}.png`)),
    );
    for (const id of ids) expect(await engine.answer(id)).toMatchObject({ type: 'result' });
    expect((await readdir(folder)).toSorted()).toEqual(['astronaut.png', 'chelsea.png', 'coffee.png', 'rocket.png']);
  });

  it('cancels: answers at once as cancelled, leaves no file, and does the same photo right afterwards', async () => {
    const photo = await largePhoto();
    const cancelled = engine.send('denoise', request(photo));
    await engine.until((messages) =>
      messages.find(
        (message) => message.type === 'progress' && message.id === cancelled && message.stage === 'denoise',
      ),
    );
    engine.child.send({ type: 'cancel', id: cancelled });
    expect(await engine.answer(cancelled)).toMatchObject({ type: 'error', error: { code: 'engine/cancelled' } });
    expect(await readdir(folder)).toEqual(['large.png']);
    expect(await engine.answer(engine.send('denoise', request(photo)))).toMatchObject({ type: 'result' });
  });

  it('gives the parts of a preview on the way, each there when it is told of', async () => {
    const unpacked = join(folder, 'unpacked');
    await mkdir(unpacked);
    const opened = await engine.answer(engine.send('open', { input: samplePath('coffee'), folder: unpacked }));
    const { width, height } = OpenedPhoto.parse(opened.type === 'result' ? opened.result : null);
    const region = { left: 0, top: 0, width, height };
    const runtime = { ...DEFAULT_RUNTIME, tile: 320 };
    const job = { folder: unpacked, level: 0, region, model: 'fast', sigma: 20, secondPass: false, runtime };
    const id = engine.send('preview', { ...job, output: folder, prefix: 'p-' });
    expect(await engine.answer(id)).toMatchObject({ type: 'result', result: { noise: { sigma: 20 } } });
    const parts = engine.messages
      .filter((message) => message.type === 'part')
      .map(({ part }) => PreviewFiles.parse(part));
    expect(parts.reduce((sum, part) => sum + part.region.width * part.region.height, 0)).toBe(width * height);
    for (const { image, first, region: at } of parts) {
      for (const file of [image, first]) expect((await stat(file)).size).toBe(at.width * at.height * 4);
    }
  });

  it.each<[string, string, () => unknown, string]>([
    ['an unknown call', 'format-disk', () => ({}), 'usage/invalid'],
    ['a call named like a method of every object', 'constructor', () => ({}), 'usage/invalid'],
    ['parameters that are not as declared', 'denoise', () => ({ input: 1 }), 'usage/invalid'],
    [
      'a strength out of range',
      'denoise',
      () => requestWith({ settings: { ...DEFAULT_DENOISE, strength: 7 } }),
      'usage/invalid',
    ],
    ['a photo that is not there', 'denoise', () => requestWith({ input: '/no/such/photo.jpg' }), 'input/not-found'],
    [
      'a missing model',
      'denoise',
      () => requestWith({ settings: { ...DEFAULT_DENOISE, model: '/no.onnx' } }),
      'model/not-found',
    ],
    [
      'a foreign accelerator',
      'denoise',
      () => requestWith({ runtime: { ...DEFAULT_RUNTIME, provider: FOREIGN } }),
      'engine/provider',
    ],
  ])('answers %s with its error, and lives on', async (_, call, params, code) => {
    expect(await engine.answer(engine.send(call, params()))).toMatchObject({ type: 'error', error: { code } });
    expect(await engine.answer(engine.send('models', {}))).toMatchObject({ type: 'result' });
  });

  it('refuses to write over its own input', async () => {
    const photo = await largePhoto();
    const params = { ...request(photo, 'large.png'), overwrite: true };
    expect(await engine.answer(engine.send('denoise', params))).toMatchObject({ error: { code: 'output/conflict' } });
  });

  it('goes when its host goes, in the middle of work, leaving no temporary file', async () => {
    engine.send('denoise', request(await largePhoto()));
    await engine.until((messages) => messages.find((message) => message.type === 'progress' && message.fraction > 0.1));
    const gone = engine.exit();
    engine.child.disconnect();
    expect(await gone).toBe(0);
    expect(await readdir(folder)).toEqual(['large.png']);
  });

  it('shuts down when told to', async () => {
    const gone = engine.exit();
    engine.child.send({ type: 'shutdown' });
    expect(await gone).toBe(0);
  });
});

describe('an exhausted machine', () => {
  it.runIf(process.platform === 'linux')('is reported as such, and smaller tiles still get through', async () => {
    // The kernel refuses this process more than so much data: allocations fail as on a full machine.
    const limited = new Engine(
      spawn('prlimit', ['--data=800000000', process.execPath, ENTRY], {
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      }),
    );
    await limited.ready();
    const photo = await largePhoto(2400, 1600);
    const large = { ...request(photo), runtime: { ...DEFAULT_RUNTIME, tile: 4096 } };
    expect(await limited.answer(limited.send('denoise', large))).toMatchObject({
      type: 'error',
      error: { code: 'engine/out-of-memory' },
    });
    const small = { ...large, runtime: { ...DEFAULT_RUNTIME, tile: 512 } };
    expect(await limited.answer(limited.send('denoise', small))).toMatchObject({ type: 'result' });
    limited.child.kill('SIGKILL');
  });
});
