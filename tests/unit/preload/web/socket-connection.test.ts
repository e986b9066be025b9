import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SocketConnection, type Socket } from '../../../../preload/web/socket-connection.js';

/** The server's end of sockets that open, close and speak when the test says so. */
class ScriptedSocket {
  readyState = 0;
  onopen: Socket['onopen'] = null;
  onclose: Socket['onclose'] = null;
  onmessage: Socket['onmessage'] = null;
  readonly sent: unknown[] = [];

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.call(this as unknown as WebSocket, new Event('open'));
  }

  close(): void {
    this.readyState = 3;
    this.onclose?.call(this as unknown as WebSocket, new Event('close') as CloseEvent);
  }

  say(message: unknown): void {
    this.onmessage?.call(this as unknown as WebSocket, new MessageEvent('message', { data: JSON.stringify(message) }));
  }
}

let sockets: ScriptedSocket[];
let told: string[];

function connect(): SocketConnection {
  return new SocketConnection(
    () => {
      const socket = new ScriptedSocket();
      sockets.push(socket);
      return socket as unknown as Socket;
    },
    { onLost: () => told.push('lost'), onRestored: () => told.push('restored') },
  );
}

const lost = { ok: false, error: { code: 'engine/crashed' } };

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  told = [];
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a connection', () => {
  it('sends what was asked before it was there, and gives each reply to its call', async () => {
    const connection = connect();
    const [first, second] = [connection.call('app.start', 1, {}), connection.call('queue.list', 2, {})];
    const [socket] = sockets;
    expect(socket!.sent).toEqual([]);
    socket!.open();
    expect(socket!.sent).toEqual([
      { type: 'call', ticket: 1, name: 'app.start', params: {} },
      { type: 'call', ticket: 2, name: 'queue.list', params: {} },
    ]);
    socket!.say({ type: 'reply', ticket: 2, reply: { ok: true, result: 'b' } });
    socket!.say({ type: 'reply', ticket: 1, reply: { ok: true, result: 'a' } });
    expect(await first).toEqual({ ok: true, result: 'a' });
    expect(await second).toEqual({ ok: true, result: 'b' });
  });

  it('cancels calls that are under way, and no others', () => {
    const connection = connect();
    sockets[0]!.open();
    void connection.call('photo.preview', 7, {});
    connection.cancel(7);
    connection.cancel(8);
    expect(sockets[0]!.sent.slice(1)).toEqual([{ type: 'cancel', ticket: 7 }]);
  });

  it('tells subscribers of events until they unsubscribe', () => {
    const connection = connect();
    const heard: unknown[] = [];
    const off = connection.on('library.scan', (payload) => heard.push(payload));
    sockets[0]!.say({ type: 'event', name: 'library.scan', payload: 1 });
    sockets[0]!.say({ type: 'event', name: 'library.added', payload: 2 });
    off();
    sockets[0]!.say({ type: 'event', name: 'library.scan', payload: 3 });
    expect(heard).toEqual([1]);
  });

  it('answers every call when it is lost, says so once, and comes back', async () => {
    const connection = connect();
    const heard: unknown[] = [];
    connection.on('library.scan', (payload) => heard.push(payload));
    sockets[0]!.open();
    const pending = connection.call('photo.preview', 1, {});
    sockets[0]!.close();
    expect(await pending).toMatchObject(lost);
    expect(await connection.call('queue.list', 2, {})).toMatchObject(lost);
    for (let attempt = 1; attempt <= 3; attempt++) {
      await vi.advanceTimersByTimeAsync(5_000);
      sockets[attempt]!.close();
    }
    expect(told).toEqual(['lost']);
    await vi.advanceTimersByTimeAsync(5_000);
    sockets[4]!.open();
    expect(told).toEqual(['lost', 'restored']);
    expect(sockets[4]!.sent).toEqual([]);
    void connection.call('queue.list', 3, {});
    expect(sockets[4]!.sent).toHaveLength(1);
    sockets[4]!.say({ type: 'event', name: 'library.scan', payload: 'still subscribed' });
    expect(heard).toEqual(['still subscribed']);
  });

  it('waits longer with every attempt that fails', async () => {
    connect();
    sockets[0]!.close();
    await vi.advanceTimersByTimeAsync(250);
    expect(sockets).toHaveLength(2);
    sockets[1]!.close();
    await vi.advanceTimersByTimeAsync(499);
    expect(sockets).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(sockets).toHaveLength(3);
  });
});
