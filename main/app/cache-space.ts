import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isForeign, isRunning, newOwner, ownerToken, parseOwner } from './owner.js';

/** What dead processes of another machine left is theirs to clear away; nobody else can tell that they are dead. */
const SESSIONS = 'sessions';

/** The folders of the cache: one that stays, for thumbnails, and one of this process alone, gone with it. */
export interface CacheSpace {
  readonly thumbnails: string;
  /** For opened photos, tiles and previews. */
  readonly session: string;
  /** Removes what this process made, thumbnails apart. */
  close(): Promise<void>;
}

/** Opens the cache and clears away what dead processes left there. */
export async function openCache(folder: string): Promise<CacheSpace> {
  const sessions = join(folder, SESSIONS);
  const thumbnails = join(folder, 'thumbnails');
  const session = join(sessions, ownerToken(newOwner()));
  // Pixels of photos are nobody else's business.
  await Promise.all([thumbnails, session].map((path) => mkdir(path, { recursive: true, mode: 0o700 })));
  for (const name of await readdir(sessions)) {
    const owner = parseOwner(name);
    if (owner !== null && !isForeign(owner) && !isRunning(owner)) await remove(join(sessions, name));
  }
  return { thumbnails, session, close: () => remove(session) };
}

const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true }).catch(() => undefined);
