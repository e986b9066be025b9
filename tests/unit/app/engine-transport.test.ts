import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineExit } from '../../../main/app/engine-errors.js';
import { forkEngine } from '../../../main/app/engine-transport.js';
import { tempFolder } from '../../support/temp-folder.js';

/** Timers are counted, and do not run: what a process waits for is no matter of time here. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Runs a script as an engine: how it ended, and what it printed until then. */
function run(script: string): Promise<{ exit: EngineExit; printed: string }> {
  const file = join(tempFolder(), 'engine.mjs');
  writeFileSync(file, script);
  let printed = '';
  const engine = forkEngine(pathToFileURL(file))((text) => (printed += text));
  return new Promise((resolve) => {
    engine.onExit((exit) => {
      resolve({ exit, printed });
    });
  });
}

describe('an engine process that has ended', () => {
  it('is told of with its last words, and keeps nobody waiting', async () => {
    const { exit, printed } = await run(`process.stderr.write('x'.repeat(100_000) + 'end'); process.exitCode = 3;`);
    expect(exit).toEqual({ code: 3, signal: null });
    expect(printed).toMatch(/^x+end$/);
    // A command would go on until its last timer has run.
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is told of in the end, though a process that it has started holds what it prints to', async () => {
    const script = `
      import { spawn } from 'node:child_process';
      const child = spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 60000)'], { stdio: 'inherit' });
      child.unref();
      console.log(child.pid);
      process.exitCode = 4;
      process.disconnect();`;
    const ended = run(script);
    await vi.waitFor(() => {
      expect(vi.getTimerCount()).toBe(1);
    });
    vi.runAllTimers();
    const { exit, printed } = await ended;
    process.kill(Number(printed));
    expect(exit).toEqual({ code: 4, signal: null });
  });
});
