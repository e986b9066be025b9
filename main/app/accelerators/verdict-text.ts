import type { Precision, Verdict } from '../../../preload/contract.js';
import { isResting, worthIt } from './verdict.js';

/** A verdict in English: for terminals and reports. `now`: milliseconds since 1970. */
export function verdictText(verdict: Verdict, precision: Precision, now: number): string {
  switch (verdict.state) {
    case 'untested':
      return 'not tested yet';
    case 'testing':
      return 'being tested now';
    case 'passed':
      if (verdict.rest !== undefined && isResting(verdict, now)) {
        const minutes = Math.ceil((verdict.rest.until - now) / 60_000);
        return `failed at work, left alone for ${minutes} min more: ${verdict.rest.reason}`;
      }
      if (verdict.speed >= worthIt({ precision })) return 'works';
      return precision === 'int8'
        ? `works, not ${worthIt({ precision })} times as fast as in float: not worth it`
        : 'works, no faster than the processor: not used by itself';
    case 'wrong':
      return `not used: ${verdict.reason}`;
    case 'failed':
      return `does not work: ${verdict.reason}`;
    case 'timed-out':
      return `not used: no answer within ${verdict.seconds} s`;
    case 'crashed':
      return `not used: ${verdict.reason}`;
  }
}

/** "3.4x" the processor; of software "0.02x". Empty where nothing was measured. */
export function speedText(verdict: Verdict): string {
  return verdict.state === 'passed' ? `${Number(verdict.speed.toPrecision(2))}x` : '';
}
