import i18next from 'i18next';
import type { OwnVae } from '../../../../preload/contract.js';
import { host } from '../../../host.js';
import { fail, say } from '../../../state/session.js';
import { showGeneration } from '../../../state/view.js';
import { chooseVae } from '../../generate/choose-vae.js';
import { useGenerate } from '../../generate/generate-state.js';

/** What can be done with a picture model; a refusal is said. */

/** Both files: into a folder, or as a zip where the window is a browser's. */
export async function exportVae({ id, card: { name } }: OwnVae): Promise<void> {
  try {
    if (host().host === 'desktop') {
      const { exported } = await host().call('vaes.export', { version: id });
      if (exported) say('info', i18next.t('exported', { ns: 'pictures', name }));
      return;
    }
    const download = await host().call('vaes.download', { version: id });
    const link = document.createElement('a');
    link.href = download.url;
    link.download = download.name;
    link.click();
  } catch (error) {
    fail(error);
  }
}

/** Goes to where new pictures are made, with this model. */
export function generateWith(id: string): void {
  chooseVae(id);
  useGenerate.setState({ mode: 'samples' });
  showGeneration();
}
