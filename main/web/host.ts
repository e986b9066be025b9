import { realpath } from 'node:fs/promises';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forkEngine } from '../app/engine-transport.js';
import { AppError } from '../app/errors.js';
import { Inbox } from './inbox.js';
import { startServer } from './server.js';

export interface WebHostOptions {
  /** 0: any that is free. */
  readonly port: number;
  /** Folders that the window may read from and write to. */
  readonly roots: readonly string[];
  /** The state folder. */
  readonly state: string;
  /** The program's version. */
  readonly version: string;
}

export interface WebHost {
  /** The address to open. */
  readonly url: string;
  /** Ends it cleanly: what is unfinished goes on next time. */
  close(): Promise<void>;
  /** Ends the engines at once. */
  kill(): void;
}
