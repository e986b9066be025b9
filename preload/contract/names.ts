import { GENERATION_CALL_NAMES, GENERATION_EVENT_NAMES } from './generate-names.js';

/**
 * What the requests and events between window and host are called: apart from their schemas, so that the window and its
 * bridge can be built without those. calls.ts declares each of these and no other.
 */

const TRAIN_CALL_NAMES = [
  'train.state',
  'train.photos',
  'train.start',
  'train.startVae',
  'train.pause',
  'train.resume',
  'train.stop',
  'train.discard',
] as const;

const MODEL_CALL_NAMES = [
  'models.list',
  'models.promote',
  'models.rollback',
  'models.export',
  'models.download',
  'models.import',
  'models.pick',
] as const;

const VAE_CALL_NAMES = ['vaes.list', 'vaes.export', 'vaes.download'] as const;

export const CALL_NAMES = [
  'app.start',
  'engine.models',
  'app.diagnose',
  'app.report',
  'preferences.set',
  'library.list',
  'library.add',
  'library.pick',
  'library.addPlaces',
  'library.addSample',
  'library.remove',
  'library.clearProblems',
  'library.stopScan',
  'library.thumbnail',
  'library.measure',
  'library.adjust',
  'photo.open',
  'photo.tile',
  'photo.preview',
  'places.list',
  'places.create',
  'places.pick',
  'queue.list',
  'queue.plan',
  'queue.start',
  'queue.pause',
  'queue.resume',
  'queue.cancel',
  'queue.retry',
  'queue.clear',
  'queue.reveal',
  'queue.download',
  'accelerators.list',
  'accelerators.test',
  ...GENERATION_CALL_NAMES,
  ...TRAIN_CALL_NAMES,
  ...MODEL_CALL_NAMES,
  ...VAE_CALL_NAMES,
] as const;
export type CallName = (typeof CALL_NAMES)[number];

export const EVENT_NAMES = [
  'library.added',
  'library.changed',
  'library.removed',
  'library.problems',
  'library.scan',
  'preview.part',
  'queue.changed',
  'preferences.changed',
  'engine.changed',
  'app.notice',
  'app.command',
  'accelerators.changed',
  ...GENERATION_EVENT_NAMES,
  'train.changed',
  'models.changed',
  'vaes.changed',
] as const;
export type EventName = (typeof EVENT_NAMES)[number];
