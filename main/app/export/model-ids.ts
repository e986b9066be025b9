import { chooseModel } from '../choose-model.js';
import type { Engine } from '../engine-supervisor.js';

/** What the results of each model depend on: see `chooseModel`. One that is not there has none: the engine will say why. */
export async function modelIds(
  signal: AbortSignal,
  models: ReadonlySet<string>,
  engine: Engine,
): Promise<Record<string, string>> {
  const shipped = await engine.call(signal, 'models', {});
  const ids: Record<string, string> = {};
  for (const model of models) {
    const chosen = await chooseModel(model, shipped).catch(() => null);
    if (chosen !== null) ids[model] = chosen.id;
  }
  return ids;
}
