import { Images, Layers, Sparkle } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { RadioButton, RadioField, RadioGroup } from 'react-aria-components';
import type { LearningMethod, PhotosSummary } from '../../../preload/contract.js';
import { Notice } from '../../elements/notice.js';
import { Select } from '../../elements/select.js';
import { formatRemaining } from '../../i18n/format.js';
import { useLanguage } from '../../i18n/use-language.js';
import { useLibrary } from '../../state/library.js';
import { promotedOf, useOwnModels } from '../../state/own-models.js';
import { useSelection } from '../../state/selection.js';
import { train, useOtherRun } from '../../state/training.js';
import { cameraName } from '../compare/format.js';
import { requestOf, sourceOf, TIMES, useTrainForm } from './form-state.js';
import { NameField } from './name-field.js';
import { OtherRun } from './other-run.js';
import { PhotosField } from './photos-field.js';
import { measuringMs, recipeOf, RECIPES } from './recipes.js';
import { TimeField } from './time-field.js';
import { useSummary } from './use-summary.js';
import { cameraText, modelText } from './words.js';
import { StartBar } from './start-bar.js';

/** With fewer photos there is little to judge by. */
const FEW_PHOTOS = 4;

/** What a run learns from, how, for how long, and what comes of it. */
export function TrainForm(): React.JSX.Element {
  const { t } = useTranslation('train');
  const form = useTrainForm();
  const photos = useLibrary((state) => state.photos);
  const selected = useSelection((state) => state.selected);
  const library = { photos, selected };
  const summary = useSummary(requestOf(form, library, '').request.photos);
  const proposed = proposedName(summary) ?? t('defaultName');
  const { request, missing } = requestOf(form, library, proposed);
  const recipe = recipeOf(form.method);
  const models = useOwnModels((state) => state.models);
  const isTaken = useOtherRun('denoiser');
  return (
    <div className="train-new">
      <div className="train-scroll">
        <div className="train-form">
          <header>
            <h2>{t('formTitle')}</h2>
            <p className="train-muted">{t('formText')}</p>
          </header>
          <OtherRun kind="denoiser" />
          <PhotosField
            label={t(recipe.photos)}
            description={t(recipe.photos === 'frames' ? 'framesHelp' : 'photosHelp')}
            value={sourceOf(form, library)}
            onChange={(source) => {
              useTrainForm.setState({ source });
            }}
          />
          <Summary summary={summary} count={request.photos.length} />
          <RecipeChoice photos={request.photos.length} parent={form.parent} />
          {recipe.asks === 'clean' ? (
            <PhotosField
              label={t('clean')}
              description={t('cleanHelp')}
              value={form.clean}
              onChange={(clean) => {
                useTrainForm.setState({ clean });
              }}
            />
          ) : null}
          <TimeField
            minutes={form.minutes}
            times={TIMES}
            help={t('timeHelp')}
            onChange={(minutes) => {
              useTrainForm.setState({ minutes });
            }}
          />
          <div className="train-columns">
            <NameField
              value={form.name ?? proposed}
              known={models?.versions.map(({ card }) => card.name) ?? []}
              isWrong={missing === 'needName'}
              help={t('nameHelp')}
              onChange={(name) => {
                useTrainForm.setState({ name });
              }}
            />
            <ParentField />
          </div>
        </div>
      </div>
      <StartBar
        needs={missing === null ? null : t(missing)}
        isTaken={isTaken}
        onStart={() => {
          void train(request);
        }}
      />
    </div>
  );
}

/** A model is called after its camera, where there is one. */
function proposedName(summary: PhotosSummary | null): string | null {
  const named = summary?.cameras.filter(({ model }) => model !== null) ?? [];
  return named.length === 1 ? cameraName(named[0]!.make, named[0]!.model) : null;
}

function Summary({ summary, count }: { readonly summary: PhotosSummary | null; readonly count: number }) {
  const { t } = useTranslation('train');
  if (count === 0) return null;
  const cameras = summary === null ? t('summaryLooking') : summary.cameras.map(cameraText).join('; ');
  const several = (summary?.cameras.length ?? 0) > 1;
  return (
    <>
      <p className="train-summary" role="status">
        <strong>{t('summaryPhotos', { count })}</strong>
        <span>{cameras}</span>
      </p>
      {several ? <Notice level="info">{t('manyCameras')}</Notice> : null}
      {count < FEW_PHOTOS ? <Notice level="info">{t('fewPhotos')}</Notice> : null}
    </>
  );
}

const ICONS: Readonly<Record<string, React.JSX.Element>> = {
  noisy: <Sparkle aria-hidden />,
  clean: <Layers aria-hidden />,
  pairs: <Images aria-hidden />,
};

function RecipeChoice({ photos, parent }: { readonly photos: number; readonly parent: string }) {
  const { t } = useTranslation('train');
  const language = useLanguage();
  const method = useTrainForm((state) => state.method);
  const extra = formatRemaining(measuringMs(photos, parent), language);
  return (
    <RadioGroup
      className="train-recipes"
      value={method}
      onChange={(next) => {
        useTrainForm.setState({ method: next as LearningMethod });
      }}
      aria-label={t('recipe')}
    >
      <span className="field-label" aria-hidden>
        {t('recipe')}
      </span>
      <div className="train-cards">
        {RECIPES.map((recipe) => (
          <RadioField key={recipe.method} value={recipe.method}>
            <RadioButton className="train-card">
              {ICONS[recipe.method]}
              <span className="train-card-text">
                <strong>{t(recipe.title)}</strong>
                <span>{t(recipe.needs)}</span>
              </span>
            </RadioButton>
          </RadioField>
        ))}
      </div>
      <p className="train-muted">{t('recipeTakes', { extra })}</p>
    </RadioGroup>
  );
}

function ParentField() {
  const { t } = useTranslation('train');
  const parent = useTrainForm((state) => state.parent);
  const models = useOwnModels((state) => state.models);
  const own = promotedOf(models).map(({ card }) => card.name);
  const details: Readonly<Record<string, string>> = { fast: t('parentFastHelp'), quality: t('parentQualityHelp') };
  const names = ['fast', 'quality', ...own];
  const value = names.includes(parent) ? parent : 'fast';
  return (
    <Select
      label={t('parent')}
      value={value}
      description={details[value] ?? t('parentOwnHelp')}
      options={names.map((name) => ({
        value: name,
        label: modelText(name),
        detail: details[name] ?? t('parentOwnHelp'),
      }))}
      onChange={(next) => {
        useTrainForm.setState({ parent: next });
      }}
    />
  );
}
