import { CircleCheck, RotateCcw, ScanSearch, Upload } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { OwnModel } from '../../../preload/contract.js';
import { Badge } from '../../elements/badge.js';
import { Button } from '../../elements/button.js';
import { formatBytes, formatDuration } from '../../i18n/format.js';
import { useLanguage } from '../../i18n/use-language.js';
import { cameraName } from '../compare/format.js';
import { formatDay } from './dates.js';
import { exportModel, parentReference, promoteModel, rollBackModel, shortId } from './model-actions.js';
import { RunCurves } from './run-curves.js';
import { compareModels } from './train-page.js';
import { VerdictView } from './verdict-view.js';
import { isoRange, modelText } from './words.js';
import { FactList } from './fact-list.js';

/** Scores with the photos' own noise. */
const OWN_NOISE = 'recipe';

/** What is known of a version, and what can be done with it. */
export function ModelCardView({ model }: { readonly model: OwnModel }): React.JSX.Element {
  const { t } = useTranslation('models');
  const { id, promoted, card } = model;
  const { gate, curves } = card;
  const heldOut = curves.evaluations.flatMap(({ step, scores }) => {
    const psnr = scores[OWN_NOISE];
    return psnr === undefined ? [] : [{ step, psnr }];
  });
  return (
    <article className="models-card" aria-label={`${card.name}, ${t('version', { id: shortId(id) })}`}>
      <header className="models-card-head">
        <div>
          <h2>{card.name}</h2>
          <p className="train-muted">
            {t('version', { id: shortId(id) })}{' '}
            {promoted ? <Badge tone="accent">{t('promoted')}</Badge> : <Badge>{t('unused')}</Badge>}
          </p>
        </div>
        <div className="train-buttons">
          <Button
            icon={<ScanSearch aria-hidden />}
            onPress={() => {
              compareModels(parentReference(card), id);
            }}
          >
            {t('compare')}
          </Button>
          <Button icon={<Upload aria-hidden />} onPress={() => void exportModel(model)}>
            {t('export')}
          </Button>
          {promoted ? (
            <Button icon={<RotateCcw aria-hidden />} onPress={() => void rollBackModel(model)}>
              {t('rollback')}
            </Button>
          ) : (
            <Button variant="primary" icon={<CircleCheck aria-hidden />} onPress={() => void promoteModel(model)}>
              {t('promote')}
            </Button>
          )}
        </div>
      </header>
      {promoted ? <p className="train-muted">{t('rollbackHelp', { name: card.name })}</p> : null}
      <Facts model={model} />
      {gate === null ? (
        <p className="train-muted">{t('never')}</p>
      ) : (
        <VerdictView
          headline={gate.passed ? t('judgedBetter') : t('judgedWorse')}
          verdict={{ ...gate, measures: gate.measures.map(({ better, ...measure }) => ({ ...measure, ok: better })) }}
        />
      )}
      {curves.loss.length < 2 && heldOut.length < 2 ? null : (
        <section className="train-panel">
          <RunCurves curves={{ loss: curves.loss, heldOut, rounds: roundsOf(heldOut) }} />
        </section>
      )}
    </article>
  );
}

/** Where a round begins, its first measurement is at the step of the last one's. */
const roundsOf = (points: readonly { readonly step: number }[]): number[] =>
  points.flatMap(({ step }, index) => (index > 0 && points[index - 1]!.step === step ? [step] : []));

function Facts({ model: { card } }: { readonly model: OwnModel }) {
  const { t } = useTranslation('models');
  const language = useLanguage();
  const { created, parent, base, recipe, data, steps, seconds, bytes, notes } = card;
  const recipes: Readonly<Record<string, string>> = {
    noisy: t('recipeNoisy'),
    clean: t('recipeClean'),
    pairs: t('recipePairs'),
    'blind-spot': t('recipeMasked'),
    imported: t('recipeImported'),
  };
  const cameras = data.cameras.map(({ make, model, isoFrom, isoTo }) => {
    const camera = cameraName(make === '' ? null : make, model) ?? t('unknown');
    return isoFrom === null || isoTo === null ? camera : t('cameraIso', { camera, iso: isoRange(isoFrom, isoTo) });
  });
  const rows: readonly (readonly [string, string])[] = [
    [t('created'), formatDay(created, language)],
    [t('parent'), parent === null ? t('unknown') : modelText(parent.name)],
    [t('base'), modelText(base)],
    [t('recipe'), recipes[recipe.kind] ?? recipe.kind],
    [t('data'), t('dataPhotos', { count: data.photos })],
    ...(cameras.length === 0 ? [] : [[t('cameras'), cameras.join('; ')] as const]),
    ...(steps === 0
      ? []
      : [[t('steps'), t('stepsIn', { steps, time: formatDuration(seconds * 1000, language) })] as const]),
    [t('size'), formatBytes(bytes, language)],
    ...(notes.length === 0 ? [] : [[t('notes'), notes.join('; ')] as const]),
  ];
  return <FactList label={t('facts')} rows={rows} />;
}
