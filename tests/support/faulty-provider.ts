import type { RuntimeSession, RuntimeTensor } from '../../main/engine/runtime.js';
import type { OpenSession } from '../../main/engine/sessions.js';

/** An accelerator for tests: the processor under another name, with a fault. */

/** How an accelerator goes wrong: a word for each way that has been seen. */
export const FAULTS = {
  /** It refuses the graph. */
  refuses: 'a session is refused',
  /** A run fails, as when the device is lost. */
  throws: 'a run fails',
  'out-of-memory': 'a run fails for want of memory',
  nan: 'values are no numbers',
  garbage: 'values are wrong',
  hang: 'a run never ends',
  crash: 'a run takes the process down',
  exit: 'a run ends the process without a word',
  none: 'nothing goes wrong',
} as const;
export type Fault = keyof typeof FAULTS;

/**
 * Opens sessions as `open` does, those of accelerators on the processor; the fault comes after so many good runs of a
 * session.
 */
export function faultyOpen(open: OpenSession, fault: Fault, after = 0): OpenSession {
  return async (model, options) => {
    if (options.provider === 'cpu') return open(model, options);
    if (fault === 'refuses') throw new Error('there is no adapter');
    const session = await open(model, { ...options, provider: 'cpu' });
    let runs = 0;
    const run: RuntimeSession['run'] = async (feeds) => {
      const good = await session.run(feeds);
      return runs++ < after ? good : goWrong(fault, good);
    };
    return { ...session, run, release: () => session.release() };
  };
}

function goWrong(fault: Fault, good: Record<string, RuntimeTensor>): Record<string, RuntimeTensor> {
  switch (fault) {
    case 'throws':
      throw new Error('the device was lost');
    case 'out-of-memory':
      throw new Error('failed to allocate memory on the device');
    case 'hang':
      for (;;);
    case 'crash':
      process.kill(process.pid, 'SIGSEGV');
      for (;;);
    case 'exit':
      process.exit(3);
      break;
    case 'garbage':
      for (const tensor of Object.values(good)) if (tensor.type !== 'float32') (tensor.data as Uint8Array).fill(200);
      return good;
    case 'nan':
      for (const tensor of Object.values(good)) if (tensor.type === 'float32') tensor.data.fill(NaN);
      return good;
    case 'refuses':
    case 'none':
  }
  return good;
}
