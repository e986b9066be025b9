import i18next from 'i18next';
import type { OwnModel, Reply } from '../../../preload/contract.js';
import { unwrap } from '../../../preload/vocabulary.js';
import { host } from '../../host.js';
import { fail, say } from '../../state/session.js';

/** What can be done with a model of one's own; a refusal is said. */

const text = () => i18next.getFixedT(null, 'models');

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    fail(error);
  }
}

export const promoteModel = ({ id, card }: OwnModel): Promise<void> =>
  attempt(async () => {
    await host().call('models.promote', { version: id });
    say('info', text()('promoteNote', { name: card.name, id: shortId(id) }));
  });

export const rollBackModel = ({ card: { name } }: OwnModel): Promise<void> =>
  attempt(async () => {
    const { version } = await host().call('models.rollback', { name });
    const t = text();
    say('info', version === null ? t('rolledBackBase', { name }) : t('rolledBack', { name, id: shortId(version) }));
  });

export const exportModel = ({ id, card: { name } }: OwnModel): Promise<void> =>
  attempt(async () => {
    if (host().host === 'desktop') {
      const { exported } = await host().call('models.export', { version: id });
      if (exported) say('info', text()('exported', { name }));
      return;
    }
    const download = await host().call('models.download', { version: id });
    const link = document.createElement('a');
    link.href = download.url;
    link.download = download.name;
    link.click();
  });

interface Imported {
  readonly name: string;
  readonly isNew: boolean;
}

/** Desktop: takes in what is chosen in the system's dialog. */
export const importModel = (): Promise<void> =>
  attempt(async () => {
    const imported = await host().call('models.import', {});
    if (imported !== null) sayImported(imported);
  });

/** Web: sends a file to the host. */
export const sendModel = (file: File): Promise<void> =>
  attempt(async () => {
    const headers = { 'content-type': 'application/octet-stream' };
    const response = await fetch(`./model?name=${encodeURIComponent(file.name)}`, {
      method: 'POST',
      headers,
      body: file,
    });
    if (!response.ok) throw new Error((await response.text()).trim());
    sayImported(unwrap((await response.json()) as Reply) as Imported);
  });

function sayImported({ name, isNew }: Imported): void {
  say('info', isNew ? text()('imported', { name }) : text()('importedKnown', { name }));
}

/** Enough of an id to tell versions apart. */
export const shortId = (id: string): string => id.slice(0, 6);

/** What names the model that another came from, in settings: a shipped one by its name, a version by its id. */
export function parentReference({ parent, base }: OwnModel['card']): string {
  if (parent === null) return base === 'quality' ? 'quality' : 'fast';
  return parent.name === 'quality' || parent.name === 'fast' ? parent.name : parent.sha256.slice(0, 12);
}
