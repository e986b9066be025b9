import { describe, expect, it } from 'vitest';
import { EngineStatus } from '../../../main/app/engine-status.js';
import { EventHub } from '../../../main/app/events.js';

describe('the state of the engines', () => {
  it('is the worst of them, told once a change, and again on request', () => {
    const events = new EventHub();
    const told: string[] = [];
    events.on('engine.changed', ({ state, message }) => told.push(`${state} ${message}`.trim()));
    const status = new EngineStatus(events.emit);
    const [one, two] = [status.listener('one'), status.listener('two')];
    one('starting', '');
    two('starting', '');
    one('ready', '');
    two('ready', '');
    one('restarting', 'it ended by SIGSEGV');
    two('failed', 'it does not start');
    one('ready', '');
    two('ready', '');
    expect(told).toEqual(['starting', 'ready', 'restarting it ended by SIGSEGV', 'failed it does not start', 'ready']);
    status.tell();
    expect(told.at(-1)).toBe('ready');
    expect(told).toHaveLength(6);
  });
});
