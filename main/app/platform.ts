import type { HostKind } from '../../preload/contract.js';

/** What differs between the hosts of the window. */
export interface Platform {
  readonly host: HostKind;
  /** The program's version. */
  readonly version: string;
  /** The language of the person's system, BCP 47. */
  readonly locale: string;
  /** Opens the system's dialog for photos or folders; paths, none if the person changed their mind. Desktop. */
  pickPhotos(kind: 'files' | 'folders'): Promise<readonly string[]>;
  /** Opens the system's dialog for a folder that results go to; null: the person changed their mind. Desktop. */
  pickDestination(): Promise<string | null>;
  /** Opens the system's dialog for a model to be taken in; null: the person changed their mind. Desktop. */
  pickModel(): Promise<string | null>;
  /** Opens the system's dialog for where a model is to be written; null: the person changed their mind. Desktop. */
  pickModelTarget(name: string): Promise<string | null>;
  /** Shows a file or folder in the system's file manager, without opening it. Desktop. */
  reveal(path: string): void;
}
