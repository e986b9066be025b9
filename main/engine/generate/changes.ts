import type { VariationStep } from '../../../preload/generate/recipe.js';
import { isNeutral } from '../../core/image/pixels.js';
import { applyChange, fitChange, GUIDE_SIDE_PX, lumaPlane, type ChangeField } from '../../core/latent/change.js';
import type { DecodedImage } from '../codec.js';
import { Compass } from './compass.js';
import { asStored, squareOf, shrunk } from './squares.js';
import type { Vae } from './vae.js';
import { breathe, stopIfAborted } from './workbench.js';

/** A place takes about 200 kB. */
const MOST_PLACES = 32;

/** What variations do to a photo. */
export class PhotoChanges {
  /** Where steps led before: who varies further starts there. */
  private readonly places = new Map<string, Promise<Compass>>();

  private constructor(
    /** At the photo's own latent. */
    readonly origin: Compass,
    private readonly orientation: number,
    private readonly neutral: boolean,
  ) {}

  /** Encodes a photo, as it is stored: with its noise, so that the latent does not depend on the denoiser. */
  static async of(vae: Vae, image: DecodedImage): Promise<PhotoChanges> {
    const { mean } = await vae.encode(await squareOf(image, vae.side));
    const neutral = isNeutral(image);
    const origin = await Compass.at(vae, Float64Array.from(mean), neutral);
    return new PhotoChanges(origin, image.source.orientation, neutral);
  }

  /** The place that some steps lead to. */
  follow(steps: readonly VariationStep[]): Promise<Compass> {
    const last = steps.at(-1);
    if (last === undefined) return Promise.resolve(this.origin);
    const key = JSON.stringify(steps);
    const known = this.places.get(key);
    if (known !== undefined) return known;
    const place = this.follow(steps.slice(0, -1)).then((before) => before.after(last));
    if (this.places.size >= MOST_PLACES) this.places.clear();
    this.places.set(key, place);
    place.catch(() => this.places.delete(key));
    return place;
  }

  /** The change from the photo to a place, fitted to the photo; null where the place is the photo's own. */
  fit(place: Compass, guide: DecodedImage | { width: number; height: number; channels: number; data: Uint8Array }) {
    if (place.latent.every((x, i) => x === this.origin.latent[i])) return null;
    const [before, after] = [this.origin.picture, place.picture].map((one) => asStored(one, this.orientation));
    const luma = lumaPlane(shrunk(guide, GUIDE_SIDE_PX));
    return fitChange(before!, after!, luma, this.neutral);
  }
}

/** Rows that are changed without a breath. */
const BAND_ROWS = 64;

/** Applies a change to all of an image, in place. */
export async function applyWhole(
  signal: AbortSignal,
  image: Pick<DecodedImage, 'width' | 'height' | 'data'> & { readonly channels: number },
  field: ChangeField,
  onProgress: (fraction: number) => void = () => undefined,
): Promise<void> {
  for (let y = 0; y < image.height; y += BAND_ROWS) {
    stopIfAborted(signal);
    applyChange(image, field, y, Math.min(BAND_ROWS, image.height - y));
    onProgress(Math.min(1, (y + BAND_ROWS) / image.height));
    await breathe();
  }
}
