import type { EncodeSettings, Format } from '../../preload/contract.js';

export interface MetadataJob {
  readonly source: string;
  readonly target: string;
  readonly format: Format;
  readonly policy: EncodeSettings['metadata'];
  readonly orientation: number;
}

export async function copyMetadata(_job: MetadataJob): Promise<{ notes: string[] }> {
  return Promise.resolve({ notes: [] });
}
