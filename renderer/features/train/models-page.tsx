import { Boxes, Download } from 'lucide-react';
import { useState } from 'react';
import { FileTrigger, Header, ListBox, ListBoxItem, ListBoxSection } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { OwnModel, OwnModels, OwnVae, OwnVaes } from '../../../preload/contract.js';
import { Badge } from '../../elements/badge.js';
import { Button } from '../../elements/button.js';
import { EmptyState } from '../../elements/empty-state.js';
import { Notice } from '../../elements/notice.js';
import { Spinner } from '../../elements/progress.js';
import { host } from '../../host.js';
import { formatDay } from './dates.js';
import { useLanguage } from '../../i18n/use-language.js';
import { useOwnModels } from '../../state/own-models.js';
import { useOwnVaes } from '../../state/own-vaes.js';
import { importModel, sendModel, shortId } from './model-actions.js';
import { ModelCardView } from './model-card-view.js';
import { VaeCardView } from './pictures/vae-card-view.js';
import { showPage, useTrainPage } from './train-page.js';

/** All versions by name, and the card of the one that is chosen. */
export function ModelsPage(): React.JSX.Element {
  const { t } = useTranslation('models');
  const models = useOwnModels((state) => state.models);
  const vaes = useOwnVaes((state) => state.vaes);
  const version = useTrainPage((state) => state.version);
  if (models === null || vaes === null)
    return <EmptyState icon={<Spinner label={t('listTitle')} size={24} />} title={t('listTitle')} />;
  const { versions } = models;
  const isChosen = ({ id }: { readonly id: string }): boolean => id === version;
  const chosen = versions.find(isChosen) ?? vaes.versions.find(isChosen) ?? versions[0] ?? vaes.versions[0];
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
        <Faults models={models} vaes={vaes} />
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
        <Faults models={models} vaes={vaes} />
        <VersionList versions={versions} vaes={vaes.versions} chosen={chosen.id} />
      </div>
      {isVae(chosen) ? <VaeCardView key={chosen.id} vae={chosen} /> : <ModelCardView key={chosen.id} model={chosen} />}
    </div>
  );
}

const isVae = (model: OwnModel | OwnVae): model is OwnVae => 'sheet' in model;

interface VersionListProps {
  readonly versions: readonly OwnModel[];
  readonly vaes: readonly OwnVae[];
  /** The id of the one that is shown. */
  readonly chosen: string;
}

function VersionList({ versions, vaes, chosen }: VersionListProps) {
  const { t } = useTranslation(['models', 'pictures']);
  const language = useLanguage();
  const item = (model: OwnModel | OwnVae, before: OwnModel | OwnVae | undefined) => {
    const { id, card } = model;
    return (
      <ListBoxItem
        key={id}
        id={id}
        textValue={`${card.name} ${id}`}
        className="models-item"
        data-first={before?.card.name !== card.name || undefined}
      >
        <span className="models-item-name">{card.name}</span>
        <span className="models-item-facts">
          {formatDay(card.created, language)} · {shortId(id)}
        </span>
        {'promoted' in model && model.promoted ? <Badge tone="accent">{t('promoted')}</Badge> : null}
      </ListBoxItem>
    );
  };
  const section = (title: string, models: readonly (OwnModel | OwnVae)[]) =>
    models.length === 0 ? null : (
      <ListBoxSection className="models-section">
        <Header className="models-section-title">{title}</Header>
        {models.map((model, index) => item(model, models[index - 1]))}
      </ListBoxSection>
    );
  return (
    <ListBox
      aria-label={t('listTitle')}
      className="models-list"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[chosen]}
      onSelectionChange={(keys) => {
        const [version] = keys;
        if (version !== undefined) useTrainPage.setState({ version: String(version) });
      }}
    >
      {section(t('pictures:listDenoisers'), versions)}
      {section(t('pictures:listTitle'), vaes)}
    </ListBox>
  );
}

/** What of the library cannot be used. */
function Faults({ models, vaes }: { readonly models: OwnModels; readonly vaes: OwnVaes }) {
  const { t } = useTranslation('models');
  const { fault } = models;
  const damaged = [...models.damaged, ...vaes.damaged.map((vae) => ({ ...vae, name: null }))];
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
