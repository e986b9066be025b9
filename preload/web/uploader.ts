import type { DroppedFile, Reply, UploadProgress } from '../contract.js';

/** Files and bytes that one request carries at most, unless a single file is larger. */
const BATCH_FILES = 50;
const BATCH_BYTES = 32 * 1024 * 1024;
const REQUESTS_AT_ONCE = 2;

/** Largest file that the host takes; main/web refuses more. */
export const MAX_UPLOAD_BYTES = 2 * 1024 ** 3;

/** Answers that will be the same for all that is still to come. */
const HOPELESS: readonly number[] = [401, 403, 507];

/** What the host's answers mean, beyond that files could not be sent. */
const CODES: Readonly<Record<number, string>> = {
  401: 'request/refused',
  403: 'request/refused',
  413: 'input/too-large',
  507: 'output/disk-full',
};

type Failure = Extract<Reply, { readonly ok: false }>;

/** Sends dropped files to the host in small requests, so that the first photos are there while the last are on their way. */
export class Uploader {
  constructor(private readonly post: (body: FormData) => Promise<Response>) {}

  /** Sends all it can; the reply is that of the first file that could not be sent, if there is one. */
  async send(files: readonly DroppedFile[], onProgress: (progress: UploadProgress) => void): Promise<Reply> {
    const fitting = files.filter(({ file }) => file.size <= MAX_UPLOAD_BYTES);
    const tooLarge = files.find(({ file }) => file.size > MAX_UPLOAD_BYTES);
    let failure =
      tooLarge === undefined
        ? undefined
        : failed('input/too-large', `"${tooLarge.relativePath}" is larger than 2 GB, the most that can be sent.`);
    let sent = 0;
    let hopeless = false;
    const waiting = batches(fitting);
    const work = async (): Promise<void> => {
      for (let batch = waiting.shift(); batch !== undefined && !hopeless; batch = waiting.shift()) {
        const result = await this.#sendBatch(batch);
        failure ??= result.failure;
        hopeless ||= result.hopeless;
        sent += batch.length;
        onProgress({ files: sent, total: files.length });
      }
    };
    onProgress({ files: 0, total: files.length });
    await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, work));
    return failure ?? { ok: true, result: {} };
  }

  /** One bad file must not take the others of its request along: these are then sent one by one. */
  async #sendBatch(batch: readonly DroppedFile[]): Promise<Outcome> {
    const outcome = await this.#request(batch);
    if (outcome.failure === undefined || outcome.hopeless || batch.length === 1) return outcome;
    let failure: Failure | undefined;
    for (const file of batch) {
      const single = await this.#request([file]);
      failure ??= single.failure;
      if (single.hopeless) return single;
    }
    return { failure, hopeless: false };
  }

  async #request(batch: readonly DroppedFile[]): Promise<Outcome> {
    const form = new FormData();
    // Before the files, what the form cannot say of them: it has no times and distorts names.
    const list = batch.map(({ file, relativePath }) => ({ path: relativePath, modified: file.lastModified }));
    form.append('list', JSON.stringify(list));
    for (const { file } of batch) form.append('file', file, 'file');
    try {
      const response = await this.post(form);
      if (response.ok) return { failure: undefined, hopeless: false };
      const message = (await response.text()).trim() || `The host answered ${response.status}.`;
      return {
        failure: failed(CODES[response.status] ?? 'input/unreadable', message),
        hopeless: HOPELESS.includes(response.status),
      };
    } catch {
      const { relativePath } = batch[0]!;
      return { failure: failed('input/unreadable', `"${relativePath}" could not be read or sent.`), hopeless: false };
    }
  }
}

interface Outcome {
  readonly failure: Failure | undefined;
  readonly hopeless: boolean;
}

const failed = (code: string, message: string): Failure => ({ ok: false, error: { code, message } });

/** Cuts files into requests, in their order. */
export function batches(files: readonly DroppedFile[]): DroppedFile[][] {
  const all: DroppedFile[][] = [];
  let bytes = 0;
  for (const file of files) {
    const batch = all.at(-1);
    bytes += file.file.size;
    if (batch === undefined || batch.length >= BATCH_FILES || bytes > BATCH_BYTES) {
      all.push([file]);
      bytes = file.file.size;
    } else {
      batch.push(file);
    }
  }
  return all;
}
