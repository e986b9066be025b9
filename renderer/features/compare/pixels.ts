import { imageUrl } from '../../host.js';

/** Fetches a file of raw pixels. @throws where it is gone, or has not the size that it should have */
export async function fetchPixels(image: string, pixels: number, signal?: AbortSignal): Promise<Uint8Array> {
  const response = await fetch(imageUrl(image), signal === undefined ? {} : { signal });
  if (!response.ok) throw new Error(`the pixels could not be fetched (${response.status})`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length !== pixels * 4) throw new Error(`the pixels have ${bytes.length} bytes, not ${pixels * 4}`);
  return bytes;
}
