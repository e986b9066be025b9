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
  /** The files of a download that was prepared; null for anything else, and the second time. */
  takeDownload(id: string): Download | null;
  /** Takes photos that were put into a folder of the inbox; `folder` is where their shown names begin. */
  addUploaded(folder: string, files: readonly string[]): Promise<void>;
}

/** Files to be sent as one zip. */
export interface Download {
  /** Of the zip: "Stillgrain.zip". */
  readonly name: string;
  /** `name` is the path within the zip. */
  readonly files: readonly { readonly path: string; readonly name: string }[];
}
