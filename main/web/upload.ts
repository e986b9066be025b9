import type { MultipartFile, MultipartValue } from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { RequestRefused } from './answer.js';
import { safeSegments, storeFile, type Inbox } from './inbox.js';
import type { WebServices } from './services.js';

/** Largest file of an upload; preload/web/uploader.ts sends none that is larger. */
const MAX_FILE_BYTES = 2 * 1024 ** 3;
/** Of one request: the page sends 50. */
const MAX_FILES = 1_000;
/** Of a Date. */
const MAX_TIME_MS = 8.64e15;
/** Room for the list of names. */
const MAX_LIST_BYTES = 4 * 1024 * 1024;

const LIMITS = {
  fileSize: MAX_FILE_BYTES,
  files: MAX_FILES,
  fields: 1,
  parts: MAX_FILES + 1,
  fieldSize: MAX_LIST_BYTES,
};

/** What comes before the files: where each was, relative to what was dropped, and when it was written last. */
const FileList = z
  .array(z.strictObject({ path: z.string().min(1), modified: z.number().min(-MAX_TIME_MS).max(MAX_TIME_MS) }))
  .min(1);
type FileList = z.infer<typeof FileList>;

/** Takes photos that were dropped on the page: all of a request or none. */
export function takeUploads(server: FastifyInstance, services: WebServices, inbox: Inbox): void {
  // Bodies are streamed to the disk, within limits of their own.
  server.post('/upload', { bodyLimit: Number.MAX_SAFE_INTEGER }, async (request) => {
    if (!request.isMultipart()) throw new RequestRefused(415, 'Files are expected as a form.');
    const length = Number(request.headers['content-length']);
    if (!Number.isSafeInteger(length)) throw new RequestRefused(411, 'A length is expected.');
    const folder = await inbox.accept(length);
    try {
      await receive(request, folder, inbox);
    } catch (error) {
      await inbox.discard(folder);
      throw error;
    }
    await services.addUploaded(await inbox.keep(folder));
    return {};
  });
}

/** Writes the files of a request into its folder. */
async function receive(request: FastifyRequest, folder: string, inbox: Inbox): Promise<void> {
  let expected: FileList | undefined;
  let files = 0;
  for await (const part of request.parts({ limits: LIMITS })) {
    if (part.type === 'field') {
      expected = readList(part);
      await inbox.makeRoom(expected.length);
    } else {
      await receiveFile(part, expected?.[files++], folder);
    }
  }
  if (expected?.length !== files) throw malformed();
}

async function receiveFile(part: MultipartFile, entry: FileList[number] | undefined, folder: string): Promise<void> {
  if (entry === undefined) throw malformed();
  await storeFile(folder, safeSegments(entry.path), part.file, entry.modified);
}

function readList(part: MultipartValue): FileList {
  let list: unknown;
  try {
    list = JSON.parse(String(part.value));
  } catch {
    throw malformed();
  }
  const parsed = FileList.safeParse(list);
  if (part.fieldname !== 'list' || !parsed.success) throw malformed();
  if (parsed.data.length > MAX_FILES) throw new RequestRefused(413, `At most ${MAX_FILES} files can be sent at once.`);
  for (const { path } of parsed.data) safeSegments(path);
  return parsed.data;
}

const malformed = (): RequestRefused => new RequestRefused(400, 'The files were not sent as the page does it.');
