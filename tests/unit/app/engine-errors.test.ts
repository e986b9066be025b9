import { describe, expect, it } from 'vitest';
import { explainDeath, quoteLastLine, readWireError } from '../../../main/app/engine-errors.js';
import { restartDelayMs, DEFAULT_RESTARTS } from '../../../main/app/engine-supervisor.js';

describe('explainDeath', () => {
  it.each([
    [{ code: null, signal: 'SIGKILL' }, '', 'engine/out-of-memory'],
    [{ code: null, signal: 'SIGABRT' }, "terminate called after throwing 'std::bad_alloc'", 'engine/out-of-memory'],
    [{ code: null, signal: 'SIGABRT' }, 'FATAL ERROR: JavaScript heap out of memory', 'engine/out-of-memory'],
    [{ code: null, signal: 'SIGSEGV' }, '', 'engine/crashed'],
    [{ code: 1, signal: null }, 'Error: x', 'engine/crashed'],
  ] as const)('reads %j with %j as %s', (exit, words, code) => {
    expect(explainDeath(exit, words).code).toBe(code);
  });

  it('says how, with the last words', () => {
    const words = 'file.js:3\n  throw x\nTypeError: y is not a function\n    at z (file.js:3)\n\nNode.js v20.20.2\n';
    expect(explainDeath({ code: 1, signal: null }, words).message).toBe(
      'the engine ended with exit code 1: TypeError: y is not a function',
    );
    expect(quoteLastLine('\n  \n')).toBe('');
    expect(quoteLastLine('a driver says no\n')).toBe(': a driver says no');
  });
});

describe('readWireError', () => {
  it('keeps known codes and makes unknown ones internal', () => {
    expect(readWireError({ code: 'input/empty', message: 'm' })).toMatchObject({ code: 'input/empty', message: 'm' });
    expect(readWireError({ code: 'future/thing', message: 'm' })).toMatchObject({
      code: 'engine/internal',
      message: 'm',
    });
  });
});

describe('restartDelayMs', () => {
  it('restarts at once after one death, then ever more slowly, up to a limit', () => {
    const policy = { ...DEFAULT_RESTARTS, firstDelayMs: 250, maxDelayMs: 1500 };
    expect([0, 1, 2, 3, 4, 5, 50].map((deaths) => restartDelayMs(deaths, policy))).toEqual([
      0, 0, 250, 500, 1000, 1500, 1500,
    ]);
  });
});
