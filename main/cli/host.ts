import type { ProviderFault } from '../../preload/engine-protocol.js';
import { AcceleratedEngine } from '../app/accelerators/accelerated-engine.js';
import { Accelerators } from '../app/accelerators/accelerators.js';
import { DiagnosticLog } from '../app/diagnostics.js';
import { EngineSupervisor, type Engine } from '../app/engine-supervisor.js';
import { forkEngine } from '../app/engine-transport.js';
import { acceleratorsFolder, engineLogFile, stateFolder } from '../app/state-folder.js';
import { Interrupt } from './interrupt.js';
import { processTerminal, type Terminal } from './terminal.js';
import { printable } from './text.js';

/** What every command gets: a terminal, an engine that starts with its first call, and a way to be stopped. */
export interface Host {
  readonly terminal: Terminal;
  readonly engine: EngineSupervisor;
  /** The same engine, whose 'auto' is the best of the accelerators that were tried. */
  readonly accelerated: Engine;
  readonly accelerators: Accelerators;
  readonly interrupt: Interrupt;
  /** Where queues and logs are kept. */
  readonly state: string;
}

/** Runs a command with everything it needs, and clears up behind it. */
export async function withHost(command: (host: Host) => Promise<number>): Promise<number> {
  const interrupt = new Interrupt();
  const state = stateFolder();
  const launch = forkEngine(new URL('../engine/main.js', import.meta.url));
  const log = (): DiagnosticLog => new DiagnosticLog(engineLogFile(state));
  const notes: Promise<void>[] = [];
  let told = false;
  // One line, however many models and photos it concerns: what goes on is the same for all.
  const onFault = (fault: ProviderFault): void => {
    if (!told) terminal.err(`stillgrain: ${printable(fault.message)}; the processor goes on`);
    told = true;
    // A verdict that cannot be kept costs the next run the same tile, no more.
    notes.push(accelerators.blame(fault).catch(() => undefined));
  };
  const engine = new EngineSupervisor(launch, { log: log(), onFault });
  const accelerators = new Accelerators({
    folder: acceleratorsFolder(state),
    engine,
    launch: () => new EngineSupervisor(launch, { log: log() }),
  });
  interrupt.onLastResort(() => {
    engine.kill();
  });
  const terminal = processTerminal(() => {
    interrupt.stopUnheard();
  });
  const accelerated = new AcceleratedEngine(engine, accelerators);
  try {
    return await command({ terminal, engine, accelerated, accelerators, interrupt, state });
  } finally {
    await Promise.all(notes);
    await engine.shutdown();
    interrupt.dispose();
  }
}
