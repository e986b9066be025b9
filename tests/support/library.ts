import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { EventHub, type HostEvent } from '../../main/app/events.js';
import { Library } from '../../main/app/library/library.js';
import type { EventName, EventPayload, PhotoId } from '../../preload/contract.js';
import { tempFolder } from './temp-folder.js';

/** A library over real files in a folder of its own, and everything that it said. */
export class LibraryBench {
  readonly root = tempFolder();
  readonly state = tempFolder();
  readonly events = new EventHub();
  readonly heard: HostEvent[] = [];
  library = this.start();

  constructor(...files: string[]) {
    for (const file of files) this.write(file);
    this.events.subscribe((event) => this.heard.push(event));
    onTestFinished(() => this.library.close());
  }

  /** A library as a new process would have it. */
  start(): Library {
    return new Library({ folder: this.state, emit: this.events.emit });
  }

  async restart(): Promise<Library> {
    await this.library.close();
    this.library = this.start();
    await this.library.load();
    return this.library;
  }

  path = (file: string): string => join(this.root, file);

  write(file: string, text = file): string {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
    return this.path(file);
  }

  /** Adds files, or everything, and gives the ids of all photos by name. */
  async add(...files: string[]): Promise<Record<string, PhotoId>> {
    await this.library.add(files.length === 0 ? [this.root] : files.map(this.path));
    return this.ids();
  }

  ids = (): Record<string, PhotoId> =>
    Object.fromEntries(this.library.list().photos.map((photo) => [photo.name, photo.id]));

  entry = (name: string) => this.library.list().photos.find((photo) => photo.name === name)!;

  payloads = <N extends EventName>(name: N): EventPayload<N>[] =>
    this.heard.flatMap((event) => (event.name === name ? [event.payload as EventPayload<N>] : []));
}
