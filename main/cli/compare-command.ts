import { resolve } from 'node:path';
import type { CompareReport } from '../../preload/engine-protocol.js';
import type { Host } from './host.js';
import { table } from './table.js';

/** `stillgrain compare`: how far two images of the same size differ. Returns the exit code. */
export async function compare(a: string, b: string, options: { json: boolean }, host: Host): Promise<number> {
  const report = await host.engine.call(host.interrupt.signal, 'compare', { a: resolve(a), b: resolve(b) });
  if (options.json) host.terminal.out(JSON.stringify({ a: resolve(a), b: resolve(b), ...report }));
  else for (const line of compareTable(report)) host.terminal.out(line);
  return 0;
}

/** The table for people. */
export function compareTable(report: CompareReport): string[] {
  const { width, height, psnr, ssim, meanShift, maxDifference } = report;
  const signed = (value: number): string => (value < 0 ? '' : '+') + value.toFixed(3);
  const rows: [string, string][] = [
    ['size', `${width}x${height}`],
    ['PSNR', psnr === null ? 'identical' : `${psnr.toFixed(2)} dB`],
    ['SSIM', ssim.toFixed(4)],
    ['mean shift', `${meanShift.map(signed).join(' ')} of 255`],
    ['largest difference', `${maxDifference.toFixed(2)} of 255`],
  ];
  return table(rows, [
    { title: 'measure', value: ([name]) => name },
    { title: 'B against A', value: ([, value]) => value },
  ]);
}
