import type { VaePoint } from '../../../../preload/contract.js';
import type { PlotStroke } from '../../../elements/plot.js';

/** The curves of a VAE in one plot: pure. */

export const VAE_CURVES = [
  { key: 'reconstruction', colour: '--chart-main', stroke: 'solid' },
  { key: 'kl', colour: '--chart-second', stroke: 'dashed' },
  { key: 'generator', colour: '--chart-green', stroke: 'dotted' },
  { key: 'discriminator', colour: '--chart-red', stroke: 'dash-dot' },
] as const satisfies readonly { key: keyof VaePoint; colour: string; stroke: PlotStroke }[];
export type VaeCurve = (typeof VAE_CURVES)[number]['key'];

export interface VaeLine {
  readonly key: VaeCurve;
  readonly colour: string;
  readonly stroke: PlotStroke;
  readonly first: number;
  readonly last: number;
  /** In per cent of the highest: nats and losses lie worlds apart. */
  readonly values: readonly (number | null)[];
}

/** The curves that there are. */
export function linesOf(points: readonly VaePoint[]): VaeLine[] {
  return VAE_CURVES.flatMap((curve) => {
    const values = points.map((point) => point[curve.key]);
    const there = values.filter((value) => value !== null);
    if (there.length === 0) return [];
    const highest = Math.max(...there);
    const percent = (value: number | null): number | null =>
      value === null ? null : highest > 0 ? (100 * value) / highest : 0;
    return [{ ...curve, first: there[0]!, last: there.at(-1)!, values: values.map(percent) }];
  });
}
