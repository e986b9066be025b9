import type { Readable } from 'node:stream';
import type { Reply } from '../../preload/contract.js';

/** What the server needs of the program behind it. */
export interface WebServices {
  /** Answers one request of the window; never rejects. */
  handle(request: {
    readonly trusted: boolean;
    readonly name: unknown;
    readonly params: unknown;
    readonly signal: AbortSignal;
  }): Promise<Reply>;
  /** Hears every event for the window; what comes back unsubscribes. */
  subscribe(listener: (event: { readonly name: string; readonly payload: unknown }) => void): () => void;
  /** The file behind an id that the window was given; null for anything else. */
  resolveImage(id: string): { readonly file: string; readonly contentType: string } | null;
  /** Results that were prepared to be fetched; null for anything else, and the second time. */
  takeDownload(id: string): Promise<Download | null>;
  /** Takes in a model that the page sends. @throws AppError for a file that is none */
  receiveModel(content: Readable, name: string): Promise<unknown>;
  /** Takes the photos in a folder of the inbox. */
  addUploaded(folder: string): Promise<void>;
}

/** A file that is fetched once. */
export interface Download {
  /** "Stillgrain.zip" */
  readonly name: string;
  readonly stream: Readable;
  /** Absent: a zip. */
  readonly contentType?: string;
}
