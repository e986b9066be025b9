import type { CameraInfo, CameraSummary, PhotoId, PhotosSummary } from '../../../preload/contract.js';
import { groupBy } from '../../core/group-by.js';
import { toWireError } from '../../core/errors.js';
import { EngineUnavailable } from '../engine-errors.js';
import type { Engine } from '../engine-supervisor.js';
import type { Library } from '../library/library.js';
import { mapWindow } from '../map-window.js';

/** Headers read at once. */
const WINDOW = 4;
/** Photos whose headers are read, of however many: enough to say which cameras there are. */
const MOST_LOOKED = 400;
/** Headers kept. */
const MOST_KNOWN = 20_000;

/** Tells which cameras photos were taken with; headers are read once. */
export class PhotoCameras {
  readonly #known = new Map<string, CameraInfo | null>();

  constructor(
    private readonly library: Library,
    /** The imaging engine. */
    private readonly engine: Engine,
  ) {}

  /** The camera of a photo; null where it does not say, or cannot be read. @throws AppError input/not-found */
  async of(signal: AbortSignal, photo: PhotoId): Promise<CameraInfo | null> {
    const { path, bytes, modifiedAt } = this.library.get(photo);
    const key = JSON.stringify([path, bytes, modifiedAt]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    let camera: CameraInfo | null = null;
    try {
      camera = (await this.engine.call(signal, 'camera', { input: path })).camera;
    } catch (error) {
      if (error instanceof EngineUnavailable || toWireError(error).code === 'engine/cancelled') throw error;
    }
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(key, camera);
    return camera;
  }

  /** What photos say of their cameras; those that are gone are left out. */
  async summary(signal: AbortSignal, photos: readonly PhotoId[]): Promise<PhotosSummary> {
    const there = photos.filter((id) => this.library.has(id));
    const stride = Math.max(1, there.length / MOST_LOOKED);
    const chosen = there.filter((_, index) => Math.floor(index / stride) !== Math.floor((index - 1) / stride));
    const cameras = await mapWindow(chosen, WINDOW, (id) => this.of(signal, id).catch(rethrowUnlessGone));
    const named = cameras.map((camera) => ({
      make: camera?.model === undefined || camera.model === null ? null : camera.make,
      model: camera?.model ?? null,
      iso: camera?.iso ?? null,
    }));
    const groups = groupBy(named, ({ make, model }) => JSON.stringify([make, model]));
    const summaries = Array.from(groups.values(), summaryOf).sort((a, b) => b.photos - a.photos);
    return { cameras: summaries, looked: chosen.length };
  }
}

/** A photo may leave the library while the others are looked at. */
function rethrowUnlessGone(error: unknown): null {
  if (toWireError(error).code === 'input/not-found') return null;
  throw error;
}

function summaryOf(
  group: readonly { readonly make: string | null; readonly model: string | null; readonly iso: number | null }[],
): CameraSummary {
  const isos = group.flatMap(({ iso }) => iso ?? []);
  const { make, model } = group[0]!;
  return {
    make,
    model,
    isoFrom: isos.length === 0 ? null : Math.min(...isos),
    isoTo: isos.length === 0 ? null : Math.max(...isos),
    photos: group.length,
  };
}
