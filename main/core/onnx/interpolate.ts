import { AppError } from '../errors.js';
import type { Graph, Tensor } from './model.js';

/**
 * A net between two of one structure: each float32 weight is a + share x (b - a). What was learnt is kept in large part
 * and what it cost elsewhere in small part, since the first grows with the way that the weights went and the second with
 * its square (Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022).
 *
 * @param share 0: `a`; 1: `b`
 * @throws AppError 'model/shape' when the weights of one have not the names and sizes of the other's
 */
export function interpolateGraphs(a: Graph, b: Graph, share: number): Graph {
  const initializers = new Map(
    [...b.initializers].map(([name, to]): [string, Tensor] => [
      name,
      between(name, a.initializers.get(name), to, share),
    ]),
  );
  return { ...b, initializers };
}

function between(name: string, from: Tensor | undefined, to: Tensor, share: number): Tensor {
  if (from?.type !== to.type || from.data.length !== to.data.length) {
    throw new AppError('model/shape', `${name}: only nets of one structure have one between them`);
  }
  if (to.type !== 'float32' || from.type !== 'float32') return to;
  return { ...to, data: to.data.map((value, i) => from.data[i]! + share * (value - from.data[i]!)) };
}
