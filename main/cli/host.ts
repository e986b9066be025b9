import { DiagnosticLog } from '../app/diagnostics.js';
import { EngineSupervisor } from '../app/engine-supervisor.js';
import { forkEngine } from '../app/engine-transport.js';
import { engineLogFile, stateFolder } from '../app/state-folder.js';
import { Interrupt } from './interrupt.js';
import { processTerminal, type Terminal } from './terminal.js';

/** What every command gets: a terminal, an engine that starts with its first call, and a way to be stopped. */
export interface Host {
  readonly terminal: Terminal;
  readonly engine: EngineSupervisor;
  readonly interrupt: Interrupt;
  /** Where queues and logs are kept. */
  readonly state: string;
}

/** Runs a command with everything it needs, and clears up behind it. */
export async function withHost(command: (host: Host) => Promise<number>): Promise<number> {
  const interrupt = new Interrupt();
  const state = stateFolder();
  const engine = new EngineSupervisor(forkEngine(new URL('../engine/main.js', import.meta.url)), {
    log: new DiagnosticLog(engineLogFile(state)),
  });
  interrupt.onLastResort(() => {
    engine.kill();
  });
  const terminal = processTerminal(() => {
    interrupt.stopUnheard();
  });
  try {
    return await command({ terminal, engine, interrupt, state });
  } finally {
    await engine.shutdown();
    interrupt.dispose();
  }
}
