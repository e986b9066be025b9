import type { PhotoId } from '../../../preload/contract.js';
import { useLibrary } from '../../state/library.js';
import { Thumbnail } from '../library/thumbnail.js';

/** A photo of the library, small, without a name. */
export function PhotoThumb({ photo }: { readonly photo: PhotoId }): React.JSX.Element {
  const entry = useLibrary((state) => state.photos.get(photo));
  return <span className="generate-thumb">{entry === undefined ? null : <Thumbnail photo={entry} size={256} />}</span>;
}

/** The name of a photo's file; empty for one that is gone. */
export const useName = (photo: PhotoId | null): string =>
  useLibrary((state) => (photo === null ? '' : (state.photos.get(photo)?.name ?? '')));
