import { describe, expect, it, vi } from 'vitest';
import { EventHub } from '../../../main/app/events.js';

const scan = { active: true, found: 1 };

describe('the event hub', () => {
  it('carries events to everybody who listens, until they stop', () => {
    const hub = new EventHub();
    const heard: unknown[] = [];
    const stop = hub.subscribe((event) => heard.push(event));
    hub.on('library.scan', ({ found }) => heard.push(found));
    hub.on('app.command', () => heard.push('command'));
    hub.emit('library.scan', scan);
    stop();
    hub.emit('library.scan', { ...scan, found: 2 });
    expect(heard).toEqual([{ name: 'library.scan', payload: scan }, 1, 2]);
  });

  it('does not let a listener that fails stop the others, or the service', () => {
    const complaint = vi.spyOn(console, 'error').mockReturnValue();
    const hub = new EventHub();
    const heard: unknown[] = [];
    hub.subscribe(() => {
      throw new Error('the window is gone');
    });
    hub.subscribe(({ name }) => heard.push(name));
    hub.emit('library.scan', scan);
    expect(heard).toEqual(['library.scan']);
    expect(complaint).toHaveBeenCalledOnce();
    complaint.mockRestore();
  });
});
