import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { hostChannel, type HostedProcess } from '../../../main/engine/host-channel.js';

const READY = { type: 'ready', pid: 1 } as const;

/** A process with what a host gives it; keeps what is sent. */
function hosted(kind: 'node' | 'electron' | 'none', connected = true) {
  const sent: unknown[] = [];
  const port = new EventEmitter();
  const emitter = new EventEmitter();
  const parentPort = {
    on: (event: 'message', listener: (event: { data: unknown }) => void) => port.on(event, listener),
    postMessage: (message: unknown) => sent.push(message),
  };
  const process: HostedProcess = Object.assign(emitter, {
    connected,
    ...(kind === 'electron' && { parentPort }),
    ...(kind === 'node' && { send: (message: unknown) => sent.push(message) }),
  });
  return { process, port, emitter, sent };
}

describe('hostChannel', () => {
  it('speaks through the port of an Electron utility process', () => {
    const { process, port, sent } = hosted('electron');
    const channel = hostChannel(process)!;
    const heard: unknown[] = [];
    channel.onMessage((message) => heard.push(message));
    port.emit('message', { data: { type: 'shutdown' }, ports: [] });
    channel.send(READY);
    expect(heard).toEqual([{ type: 'shutdown' }]);
    expect(sent).toEqual([READY]);
  });

  it('speaks through the channel of a process forked by Node, and hears its end', () => {
    const { process, emitter, sent } = hosted('node');
    const channel = hostChannel(process)!;
    const heard: unknown[] = [];
    channel.onMessage((message) => heard.push(message));
    channel.onClosed(() => heard.push('closed'));
    emitter.emit('message', { type: 'shutdown' });
    emitter.emit('disconnect');
    channel.send(READY);
    expect(heard).toEqual([{ type: 'shutdown' }, 'closed']);
    expect(sent).toEqual([READY]);
  });

  it('sends nothing to a host that has gone', () => {
    const { process, sent } = hosted('node', false);
    hostChannel(process)!.send(READY);
    expect(sent).toEqual([]);
  });

  it('is not there in a process that a person started', () => {
    expect(hostChannel(hosted('none').process)).toBeNull();
  });
});
