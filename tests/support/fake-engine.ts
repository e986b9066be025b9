import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../main/app/engine-supervisor.js';
import { AppError } from '../../main/app/errors.js';
import type { EngineCall, EngineParams, EnginePart, EngineResult } from '../../preload/engine-protocol.js';

type Answer<C extends EngineCall> = (
  params: EngineParams<C>,
  signal: AbortSignal,
  give: (part: EnginePart<C>) => void,
) => EngineResult<C> | Promise<EngineResult<C>>;

export type Answers = { [C in EngineCall]?: Answer<C> };

/** An engine within the test, for what services do with its answers: each call is written down and answered as told. */
export class FakeEngine implements Engine {
  readonly calls: { readonly name: EngineCall; readonly params: unknown; readonly signal: AbortSignal }[] = [];

  constructor(readonly answers: Answers) {}

  names = (): EngineCall[] => this.calls.map(({ name }) => name);

  async call<C extends EngineCall>(
    signal: AbortSignal,
    name: C,
    params: EngineParams<C>,
    _onProgress?: unknown,
    onPart: (part: EnginePart<C>) => void = () => undefined,
  ): Promise<EngineResult<C>> {
    if (signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
    this.calls.push({ name, params, signal });
    const answer: Answer<C> | undefined = this.answers[name];
    if (answer === undefined) throw new AppError('engine/internal', `no answer to ${name} was scripted`);
    return await answer(params, signal, onPart);
  }
}

/** A promise that is settled from outside. */
export interface Later<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

export function later<T = undefined>(): Later<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** Ends like a call that was cancelled, when it is. */
export const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new AppError('engine/cancelled', 'cancelled'));
    });
  });

/** Answers `thumbnail` with a file of a few bytes. */
export const makeThumbnail: Answer<'thumbnail'> = ({ output, size }) => {
  writeFileSync(output, `thumbnail of ${size}`);
  return { width: size, height: 10, photo: { width: 400, height: 300 }, format: 'jpeg', contentType: 'image/jpeg' };
};

/** Answers `open` with a photo of 1200x700 in two levels. */
export const openPhoto: Answer<'open'> = ({ folder }) => {
  writeFileSync(join(folder, 'level-0'), 'samples');
  writeFileSync(join(folder, 'lut'), 'table');
  return {
    width: 1200,
    height: 700,
    levels: [
      { width: 1200, height: 700 },
      { width: 600, height: 350 },
    ],
    format: 'jpeg',
    depth: 8,
    channels: 3,
    hasAlpha: false,
    neutral: false,
    lut: join(folder, 'lut'),
    camera: null,
    bytes: 1000,
  };
};

/** Answers `region` with an empty file. */
export const cutRegion: Answer<'region'> = ({ output }) => {
  writeFileSync(output, '');
  return {};
};
