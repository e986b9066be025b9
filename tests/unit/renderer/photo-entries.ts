import type { PhotoEntry, PhotoId, QueueEntry } from '../../../preload/contract.js';

/** A photo of the library, plain but for what is given. */
export function photoEntry(name: string, more: Partial<PhotoEntry> = {}): PhotoEntry {
  return {
    id: name.replaceAll(/\W/g, '') as PhotoId,
    name,
    folder: '',
    bytes: 1000,
    modifiedAt: 0,
    width: 600,
    height: 400,
    format: 'jpeg',
    noise: null,
    trust: null,
    adjustments: null,
    error: null,
    ...more,
  };
}

/** Its place in the queue. */
export function queueEntry(photo: PhotoEntry, state: QueueEntry['state'], more: Partial<QueueEntry> = {}): QueueEntry {
  return {
    photo: photo.id,
    state,
    fraction: 0,
    error: null,
    skipped: null,
    output: '',
    noise: null,
    trust: null,
    fit: null,
    notes: [],
    ...more,
  };
}
