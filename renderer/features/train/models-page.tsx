import { Boxes, Download } from 'lucide-react';
import { useState } from 'react';
import { FileTrigger, ListBox, ListBoxItem } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { OwnModel, OwnModels } from '../../../preload/contract.js';
import { Badge } from '../../elements/badge.js';
import { Button } from '../../elements/button.js';
import { EmptyState } from '../../elements/empty-state.js';
import { Notice } from '../../elements/notice.js';
import { Spinner } from '../../elements/progress.js';
import { host } from '../../host.js';
import { formatDay } from './dates.js';
import { useLanguage } from '../../i18n/use-language.js';
import { useOwnModels } from '../../state/own-models.js';
import { importModel, sendModel, shortId } from './model-actions.js';
import { ModelCardView } from './model-card-view.js';
import { showPage, useTrainPage } from './train-page.js';

/** All versions by name, and the card of the one that is chosen. */
export function ModelsPage(): React.JSX.Element {
  const { t } = useTranslation('models');
  const models = useOwnModels((state) => state.models);
  const version = useTrainPage((state) => state.version);
  if (models === null) return <EmptyState icon={<Spinner label={t('listTitle')} size={24} />} title={t('listTitle')} />;
  const { versions } = models;
  const chosen = versions.find(({ id }) => id === version) ?? versions[0];
  if (chosen === undefined) {
    const actions = (
      <>
        <Button
          variant="primary"
          onPress={() => {
            showPage('learn');
          }}
        >
          {t('learn')}
        </Button>
        <ImportButton />
      </>
    );
    return (
      <div className="models-none">
        <EmptyState icon={<Boxes aria-hidden />} title={t('none')} actions={actions}>
          {t('noneText')}
        </EmptyState>
        <Faults models={models} />
      </div>
    );
  }
  return (
    <div className="models">
      <div className="models-side">
        <div className="models-side-head">
          <h2>{t('listTitle')}</h2>
          <ImportButton />
        </div>
        <Faults models={models} />
        <VersionList versions={versions} chosen={chosen} />
      </div>
      <ModelCardView key={chosen.id} model={chosen} />
    </div>
  );
}

function VersionList({ versions, chosen }: { readonly versions: readonly OwnModel[]; readonly chosen: OwnModel }) {
  const { t } = useTranslation('models');
  const language = useLanguage();
  return (
    <ListBox
      aria-label={t('listTitle')}
      className="models-list"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[chosen.id]}
      onSelectionChange={(keys) => {
        const [version] = keys;
        if (version !== undefined) useTrainPage.setState({ version: String(version) });
      }}
    >
      {versions.map(({ id, promoted, card }, index) => (
        <ListBoxItem
          key={id}
          id={id}
          textValue={`${card.name} ${id}`}
          className="models-item"
          data-first={versions[index - 1]?.card.name !== card.name || undefined}
        >
          <span className="models-item-name">{card.name}</span>
          <span className="models-item-facts">
            {formatDay(card.created, language)} · {shortId(id)}
          </span>
          {promoted ? <Badge tone="accent">{t('promoted')}</Badge> : null}
        </ListBoxItem>
      ))}
    </ListBox>
  );
}

/** What of the library cannot be used. */
function Faults({ models: { damaged, fault } }: { readonly models: OwnModels }) {
  const { t } = useTranslation('models');
  if (damaged.length === 0 && fault === null) return null;
  return (
    <div className="models-faults">
      {fault === null ? null : <Notice level="warning">{t('fault')}</Notice>}
      {damaged.map(({ id, name, reason }) => (
        <Notice key={id} level="warning" detail={reason}>
          {name === null ? t('damaged', { id: shortId(id) }) : t('damagedNamed', { id: shortId(id), name })}
        </Notice>
      ))}
    </div>
  );
}

/** Desktop: the system's dialog; in a browser: its own. */
function ImportButton() {
  const { t } = useTranslation('models');
  const [busy, setBusy] = useState(false);
  const during = (work: Promise<void>): void => {
    setBusy(true);
    void work.finally(() => {
      setBusy(false);
    });
  };
  const text = busy ? t('importing') : t('import');
  if (host().host === 'desktop') {
    return (
      <Button
        icon={<Download aria-hidden />}
        isDisabled={busy}
        onPress={() => {
          during(importModel());
        }}
      >
        {text}
      </Button>
    );
  }
  return (
    <FileTrigger
      acceptedFileTypes={['.onnx']}
      onSelect={(files) => {
        const file = files?.item(0);
        if (file) during(sendModel(file));
      }}
    >
      <Button icon={<Download aria-hidden />} isDisabled={busy}>
        {text}
      </Button>
    </FileTrigger>
  );
}
