import type { EngineCall, EngineParams, EnginePart, EngineResult } from '../../preload/engine-protocol.js';
import type { AppError } from '../../main/core/errors.js';
import { EngineService, type Report } from '../../main/engine/service.js';
import { MODELS } from './photos.js';

/** The engine's service in this process, with its calls as a host would make them. */

export const service = new EngineService(MODELS);

interface CallOptions<C extends EngineCall> {
  readonly signal?: AbortSignal;
  readonly onPart?: (part: EnginePart<C>) => void;
  readonly onProgress?: Report;
}

/** Makes one call. */
export function callEngine<C extends EngineCall>(
  name: C,
  params: EngineParams<C>,
  {
    signal = new AbortController().signal,
    onPart = () => undefined,
    onProgress = () => undefined,
  }: CallOptions<C> = {},
): Promise<EngineResult<C>> {
  const handler = service[name].bind(service) as unknown as (
    s: AbortSignal,
    p: EngineParams<C>,
    r: Report,
    g: (part: EnginePart<C>) => void,
  ) => Promise<EngineResult<C>>;
  return handler(signal, params, onProgress, onPart);
}

/** The code of the error that something ends with; undefined if it succeeds. */
export function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => (error as AppError).code,
  );
}
