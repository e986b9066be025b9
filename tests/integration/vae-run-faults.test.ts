import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Duty } from '../../main/app/duty.js';
import { EngineSupervisor } from '../../main/app/engine-supervisor.js';
import { forkEngine } from '../../main/app/engine-transport.js';
import { EventHub } from '../../main/app/events.js';
import { ImageRegistry } from '../../main/app/images.js';
import { ModelLibrary } from '../../main/app/model-library.js';
import { TrainingService } from '../../main/app/training/training-service.js';
import { VaeLibrary } from '../../main/app/vae-library.js';
import { DEFAULT_RUNTIME, type PhotoId } from '../../preload/contract.js';
import { sharedFolder, tempFolder } from '../support/temp-folder.js';
import { writeTinyRecipes } from '../support/tiny-vae.js';
import { writeManyPhotos } from '../support/training-photos.js';

/** The training of a VAE as the window has it done, on the real engine, where it does not go well. */

const ENGINE = new URL('../../dist/bundle/engine/main.js', import.meta.url);
const photos = await writeManyPhotos(sharedFolder(), 8);
const PATIENCE = { timeout: 60_000, interval: 100 };

function openService(state: string, paths: readonly string[]) {
  const recipes = join(tempFolder(), 'recipes');
  writeTinyRecipes(recipes);
  const vaes = new VaeLibrary(state);
  const service = new TrainingService({
    state,
    folder: join(state, 'window'),
    launch: () => new EngineSupervisor(forkEngine(ENGINE)),
    library: { get: (id: PhotoId) => ({ path: paths[Number(id)]! }) as never },
    models: new ModelLibrary(state),
    vaes,
    recipes,
    parentOf: () => Promise.reject(new Error('no denoiser is asked for')),
    runtime: () => ({ ...DEFAULT_RUNTIME, provider: 'cpu', threads: 1 }),
    duty: new Duty(),
    emit: new EventHub().emit,
    pictures: tempFolder(),
    images: new ImageRegistry().pool({ bytes: Infinity, count: Infinity, ownsFiles: true }),
    onKept: () => undefined,
    onVaeKept: () => undefined,
  });
  onTestFinished(() => service.close());
  const start = (minutes: number): Promise<void> =>
    service.startVae({
      ...{ name: 'album', method: 'vae', minutes, parent: null },
      photos: paths.map((_, index) => String(index) as PhotoId),
    });
  const until = (state: string): Promise<void> =>
    vi.waitFor(() => {
      expect(service.view()!.state).toBe(state);
    }, PATIENCE);
  return { service, vaes, start, until };
}

describe('the training of a VAE that does not go well', () => {
  it('stops with one line when the disk is full, and goes on when there is room', async ({ skip }) => {
    const disk = tempFolder();
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk], { encoding: 'utf8' });
    if (mount.status !== 0) skip(`no tmpfs can be mounted here (${mount.stderr.trim()})`);
    const state = join(disk, 'state');
    mkdirSync(state);
    const { service, vaes, start, until } = openService(state, photos);
    onTestFinished(async () => {
      await service.stop();
      spawnSync('umount', [disk]);
    });
    // So long that the disk is full before it ends, however busy the machine is.
    await start(0.15);
    await vi.waitFor(() => {
      expect(service.view()!.vae!.curves.length).toBeGreaterThan(0);
    }, PATIENCE);
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(bavail * bsize - 2 ** 14));
    await until('stopped');
    const { error, hopeless, step } = service.view()!;
    expect(error).toMatchObject({ code: 'output/disk-full' });
    expect(error!.message).not.toContain('\n');
    expect(error!.message).not.toContain(disk);
    expect(hopeless).toBe(false);
    rmSync(join(disk, 'ballast'));
    service.resume();
    await until('ended');
    expect(service.view()!.step).toBeGreaterThan(step);
    expect((await vaes.list()).versions).toMatchObject([{ card: { name: 'album', photos: 7, heldOut: 1 } }]);
  });

  it('says which photos could not be used where they are too few', async () => {
    const broken = join(tempFolder(), 'broken.png');
    writeFileSync(broken, 'no picture');
    const { service, start, until } = openService(tempFolder(), [...photos.slice(1), broken]);
    await start(0.1);
    await until('stopped');
    expect(service.view()).toMatchObject({ hopeless: false, error: { code: 'input/not-found' } });
    expect(service.view()!.error!.message).toContain(basename(broken));
  });
});
