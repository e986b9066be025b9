import type { Handlers } from './handlers.js';
import type { ModelsService } from './models-service.js';
import type { PhotoCameras } from './training/photo-cameras.js';
import type { TrainingService } from './training/training-service.js';
import type { VaesService } from './vaes-service.js';

/** The services behind learning and the person's own models. */
export interface LearnServices {
  readonly training: TrainingService;
  readonly cameras: PhotoCameras;
  readonly models: ModelsService;
  readonly vaes: VaesService;
}

const DONE = {};

/** Ties the requests of `TRAIN_CALLS`, `MODEL_CALLS` and `VAE_CALLS` to the services that answer. */
export function learnHandlers({ training, cameras, models, vaes }: LearnServices) {
  return {
    'train.state': () => Promise.resolve({ run: training.view() }),
    'train.photos': ({ photos }, signal) => cameras.summary(signal, photos),
    'train.start': (request) => training.start(request).then(done),
    'train.startVae': (request) => training.startVae(request).then(done),
    'train.pause': () =>
      answer(() => {
        training.pause();
      }),
    'train.resume': () =>
      answer(() => {
        training.resume();
      }),
    'train.stop': () => training.stop().then(done),
    'train.discard': () => training.discard().then(done),

    'models.list': () => models.list(),
    'models.promote': ({ version }) => models.promote(version).then(done),
    'models.rollback': async ({ name }) => ({ version: await models.rollback(name) }),
    'models.export': async ({ version }) => ({ exported: await models.export(version) }),
    'models.download': ({ version }) => models.download(version),
    'models.import': () => models.import(),
    'models.pick': ({ photo }, signal) => models.pick(signal, photo),

    'vaes.list': () => vaes.list(),
    'vaes.export': async ({ version }) => ({ exported: await vaes.export(version) }),
    'vaes.download': ({ version }) => vaes.download(version),
  } as const satisfies Partial<Handlers>;
}

const done = (): typeof DONE => DONE;

/** What a service does at once; what it throws is a rejection like any other. */
const answer = (work: () => void): Promise<typeof DONE> => Promise.resolve().then(work).then(done);
