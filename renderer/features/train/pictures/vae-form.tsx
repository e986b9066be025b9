import { Image, Sparkles } from 'lucide-react';
import { RadioButton, RadioField, RadioGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { OwnVaes, VaeMethod } from '../../../../preload/contract.js';
import { Notice } from '../../../elements/notice.js';
import { Select } from '../../../elements/select.js';
import { useLanguage } from '../../../i18n/use-language.js';
import { useLibrary } from '../../../state/library.js';
import { useOwnVaes } from '../../../state/own-vaes.js';
import { useSelection } from '../../../state/selection.js';
import { trainVae, useOtherRun } from '../../../state/training.js';
import { formatDay } from '../dates.js';
import { sourceOf } from '../form-state.js';
import { NameField } from '../name-field.js';
import { OtherRun } from '../other-run.js';
import { PhotosField } from '../photos-field.js';
import { TimeField } from '../time-field.js';
import { parentOf, useVaeForm, VAE_TIMES, vaeRequestOf, type VaeMissing } from './vae-form-state.js';
import { StartBar } from '../start-bar.js';

/** Fewer are soon known by heart. */
const FEW_PHOTOS = 50;
/** No VAE has this id. */
const NOTHING = 'nothing';

/** What a picture model is trained on, how and for how long. */
export function VaeForm(): React.JSX.Element {
  const { t } = useTranslation(['pictures', 'train']);
  const form = useVaeForm();
  const photos = useLibrary((state) => state.photos);
  const selected = useSelection((state) => state.selected);
  const vaes = useOwnVaes((state) => state.vaes);
  const isTaken = useOtherRun('vae');
  const library = { photos, selected };
  const proposed = t('defaultName');
  const { request, missing } = vaeRequestOf(form, library, vaes, proposed);
  const count = request.photos.length;
  const needs: Readonly<Record<VaeMissing, string>> = {
    needPhotos: t('needPhotos'),
    needParent: t('needParent'),
    needName: t('train:needName'),
    needMinutes: t('train:needMinutes'),
  };
  return (
    <div className="train-new">
      <div className="train-scroll">
        <div className="train-form">
          <header>
            <h2>{t('formTitle')}</h2>
            <p className="train-muted">{t('formText')}</p>
          </header>
          <OtherRun kind="vae" />
          <PhotosField
            label={t('photos')}
            description={t('photosHelp')}
            value={sourceOf(form, library)}
            onChange={(source) => {
              useVaeForm.setState({ source });
            }}
          />
          {missing !== 'needPhotos' && count < FEW_PHOTOS ? <Notice level="info">{t('fewPhotos')}</Notice> : null}
          <MethodChoice method={form.method} hasOwn={(vaes?.versions.length ?? 0) > 0} />
          <TimeField
            minutes={form.minutes}
            times={VAE_TIMES}
            help={t('timeHelp')}
            onChange={(minutes) => {
              useVaeForm.setState({ minutes });
            }}
          />
          <div className="train-columns">
            <NameField
              value={form.name ?? proposed}
              known={vaes?.versions.map(({ card }) => card.name) ?? []}
              isWrong={missing === 'needName'}
              help={t('nameHelp')}
              onChange={(name) => {
                useVaeForm.setState({ name });
              }}
            />
            <ParentField method={form.method} parent={parentOf(form, vaes)} vaes={vaes} />
          </div>
        </div>
      </div>
      <StartBar
        needs={missing === null ? null : needs[missing]}
        isTaken={isTaken}
        onStart={() => {
          void trainVae(request);
        }}
      />
    </div>
  );
}

function MethodChoice({ method, hasOwn }: { readonly method: VaeMethod; readonly hasOwn: boolean }) {
  const { t } = useTranslation('pictures');
  const methods = [
    { value: 'vae', icon: <Image aria-hidden />, title: t('methodVae'), needs: t('methodVaeNeeds') },
    {
      value: 'vae-gan',
      icon: <Sparkles aria-hidden />,
      title: t('methodGan'),
      needs: hasOwn ? t('methodGanNeeds') : t('methodGanNone'),
    },
  ] as const;
  return (
    <RadioGroup
      className="train-recipes"
      value={method}
      onChange={(next) => {
        useVaeForm.setState({ method: next as VaeMethod });
      }}
      aria-label={t('method')}
    >
      <span className="field-label" aria-hidden>
        {t('method')}
      </span>
      <div className="train-cards">
        {methods.map(({ value, icon, title, needs }) => (
          <RadioField key={value} value={value}>
            <RadioButton className="train-card">
              {icon}
              <span className="train-card-text">
                <strong>{title}</strong>
                <span>{needs}</span>
              </span>
            </RadioButton>
          </RadioField>
        ))}
      </div>
    </RadioGroup>
  );
}

interface ParentFieldProps {
  readonly method: VaeMethod;
  readonly parent: string | null;
  readonly vaes: OwnVaes | null;
}

function ParentField({ method, parent, vaes }: ParentFieldProps) {
  const { t } = useTranslation(['pictures', 'train']);
  const language = useLanguage();
  const own = (vaes?.versions ?? []).map(({ id, card }) => ({
    value: id,
    label: `${card.name} · ${formatDay(card.created, language)}`,
    detail: card.method === 'vae' ? t('kindVae') : t('kindGan'),
  }));
  const nothing = { value: NOTHING, label: t('parentNone') };
  return (
    <Select
      label={t('train:parent')}
      placeholder={t('parentChoose')}
      value={parent ?? (method === 'vae' ? NOTHING : '')}
      description={parent === null ? t('parentNoneHelp') : t('parentOwnHelp')}
      options={method === 'vae' ? [nothing, ...own] : own}
      isDisabled={method === 'vae-gan' && own.length === 0}
      onChange={(next) => {
        useVaeForm.setState({ parent: next === NOTHING ? null : next });
      }}
    />
  );
}
