import { GraduationCap, Images, Layers, Sparkle } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { RadioButton, RadioField, RadioGroup } from 'react-aria-components';
import type { LearningMethod, PhotosSummary } from '../../../preload/contract.js';
import { MAX_TRAINING_MINUTES, MIN_TRAINING_MINUTES } from '../../../preload/vocabulary.js';
import { Button } from '../../elements/button.js';
import { NumberField, TextField } from '../../elements/field.js';
import { Notice } from '../../elements/notice.js';
import { SegmentedControl } from '../../elements/segmented-control.js';
import { Select } from '../../elements/select.js';
import { formatRemaining } from '../../i18n/format.js';
import { useLanguage } from '../../i18n/use-language.js';
import { useLibrary } from '../../state/library.js';
import { promotedOf, useOwnModels } from '../../state/own-models.js';
import { useSelection } from '../../state/selection.js';
import { train } from '../../state/training.js';
import { cameraName } from '../compare/format.js';
import { requestOf, sourceOf, TIMES, useTrainForm } from './form-state.js';
import { PhotosField } from './photos-field.js';
import { measuringMs, recipeOf, RECIPES } from './recipes.js';
import { useSummary } from './use-summary.js';
import { cameraText, modelText } from './words.js';

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
  return (
    <div className="train-new">
      <div className="train-scroll">
        <div className="train-form">
          <header>
            <h2>{t('formTitle')}</h2>
            <p className="train-muted">{t('formText')}</p>
          </header>
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
          <TimeChoice />
          <div className="train-columns">
            <NameField proposed={proposed} isWrong={missing === 'needName'} />
            <ParentField />
          </div>
        </div>
      </div>
      <footer className="train-start">
        <div>
          <Button
            variant="primary"
            size="large"
            icon={<GraduationCap aria-hidden />}
            isDisabled={missing !== null}
            onPress={() => void train(request)}
          >
            {t('start')}
          </Button>
          <p className="train-muted" role="status">
            {missing === null ? '' : t(missing)}
          </p>
        </div>
      </footer>
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

function TimeChoice() {
  const { t } = useTranslation('train');
  const minutes = useTrainForm((state) => state.minutes);
  return (
    <div className="field">
      <span className="field-label" aria-hidden>
        {t('time')}
      </span>
      <div className="train-time">
        <SegmentedControl
          label={t('time')}
          value={String(minutes)}
          segments={TIMES.map((time) => ({ value: String(time), label: t('minutes', { count: time }) }))}
          onChange={(next) => {
            useTrainForm.setState({ minutes: Number(next) });
          }}
        />
        <div className="train-minutes">
          <NumberField
            label={t('minutesTyped')}
            value={minutes}
            min={MIN_TRAINING_MINUTES}
            max={MAX_TRAINING_MINUTES}
            step={0.05}
            onChange={(next) => {
              useTrainForm.setState({ minutes: next });
            }}
          />
        </div>
      </div>
      <span className="field-description">{t('timeHelp')}</span>
    </div>
  );
}

function NameField({ proposed, isWrong }: { readonly proposed: string; readonly isWrong: boolean }) {
  const { t } = useTranslation('train');
  const name = useTrainForm((state) => state.name);
  const models = useOwnModels((state) => state.models);
  const value = name ?? proposed;
  const isKnown = models?.versions.some(({ card }) => card.name === value.trim()) === true;
  return (
    <TextField
      label={t('name')}
      value={value}
      maxLength={64}
      error={isWrong && value.trim() !== '' ? t('nameWrong') : null}
      description={isKnown ? t('nameVersion', { name: value.trim() }) : t('nameHelp')}
      onChange={(next) => {
        useTrainForm.setState({ name: next });
      }}
    />
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
