import { Check, Sparkles } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PhotoId } from '../../../../preload/contract.js';
import { MOST_MAPPED, MOST_WINDOW_SAMPLES, SAMPLE_PX } from '../../../../preload/vocabulary.js';
import { Button } from '../../../elements/button.js';
import { EmptyState } from '../../../elements/empty-state.js';
import { Select } from '../../../elements/select.js';
import { Slider } from '../../../elements/slider.js';
import { host, imageUrl } from '../../../host.js';
import { useLibrary } from '../../../state/library.js';
import { useSelection } from '../../../state/selection.js';
import { ExportPictures } from '../export-pictures.js';
import { JobBar } from '../job-bar.js';
import { Panel } from '../panel.js';
import { useSide } from '../use-side.js';
import { SeedControl } from '../seed-control.js';
import { someOf } from '../some-of.js';
import {
  makeSamples,
  stopSamples,
  toggleChosen,
  useSamples,
  type Samples,
  type SampleSource,
} from './samples-state.js';
import './samples.css';

const FIRST_COUNT = 12;

/** The photos that new pictures are to be like, and how many of them there would be. */
function useSource(): { readonly photos: readonly PhotoId[]; readonly sizes: Record<SampleSource, number> } {
  const source = useSamples((state) => state.source);
  const photos = useLibrary((state) => state.photos);
  const selected = useSelection((state) => state.selected);
  const usable = [...photos.values()].filter(({ error }) => error === null).map(({ id }) => id);
  const chosen = usable.filter((id) => selected.has(id));
  const sizes = { library: usable.length, selection: chosen.length, nothing: 0 };
  return { photos: source === 'library' ? usable : source === 'selection' ? chosen : [], sizes };
}

/** Pictures of nothing that was photographed. */
export function SamplesMode(): React.JSX.Element {
  const { t } = useTranslation('generate');
  const job = useSamples((state) => state.job);
  const result = useSamples((state) => state.result);
  const { photos, sizes } = useSource();
  const own = useSide();
  const make = (): void => {
    void makeSamples(someOf(photos, MOST_MAPPED));
  };
  useEffect(() => stopSamples, []);
  return (
    <>
      <section className="generate-main" aria-label={t('mode.samples')}>
        <JobBar job={job} label={t('working')} onStop={stopSamples} onRetry={make} />
        {result === null ? (
          <EmptyState
            icon={<Sparkles aria-hidden />}
            title={t('samplesTitle')}
            actions={
              <Button variant="primary" isDisabled={job.busy} onPress={make}>
                {t('make')}
              </Button>
            }
          >
            {t('samplesText', { own })}
          </EmptyState>
        ) : (
          <SampleGrid result={result} busy={job.busy} />
        )}
      </section>
      <SamplesPanel photos={photos} sizes={sizes} make={make} />
    </>
  );
}

interface SamplesPanelProps extends ReturnType<typeof useSource> {
  readonly make: () => void;
}

function SamplesPanel({ photos, sizes, make }: SamplesPanelProps): React.JSX.Element {
  const { t } = useTranslation('generate');
  const { source, seed, count, job, result } = useSamples();
  const own = useSide();
  const set = (patch: Partial<ReturnType<typeof useSamples.getState>>): void => {
    useSamples.setState(patch);
    if (result !== null) make();
  };
  return (
    <Panel foot={result === null ? undefined : <ExportButton />}>
      <Select
        label={t('like')}
        value={source}
        options={[
          { value: 'library', label: t('likeLibrary', { count: sizes.library }), isDisabled: sizes.library === 0 },
          {
            value: 'selection',
            label: t('likeSelection', { count: sizes.selection }),
            isDisabled: sizes.selection === 0,
          },
          { value: 'nothing', label: t('likeNothing') },
        ]}
        onChange={(next) => {
          useSamples.setState({ source: next });
        }}
      />
      {photos.length > MOST_MAPPED ? <p className="generate-help">{t('likeSome', { used: MOST_MAPPED })}</p> : null}
      <Slider
        label={t('count')}
        value={count}
        min={1}
        max={MOST_WINDOW_SAMPLES}
        step={1}
        defaultValue={FIRST_COUNT}
        onChange={(next) => {
          useSamples.setState({ count: next });
        }}
      />
      <SeedControl
        seed={seed}
        onChange={(next) => {
          set({ seed: next });
        }}
      />
      {result === null ? null : (
        <Button icon={<Sparkles aria-hidden />} isDisabled={job.busy} onPress={make}>
          {t('make')}
        </Button>
      )}
      <p className="generate-help">{t('samplesSmall', { own, side: SAMPLE_PX })}</p>
      {result === null ? null : (
        <p className="generate-help" role="status">
          {result.components === 0 ? t('madeOfNothing') : t('madeOf', { count: result.components })}
          {result.unused > 0 ? ` ${t('unused', { count: result.unused })}` : ''}
        </p>
      )}
    </Panel>
  );
}

function ExportButton(): React.JSX.Element {
  const { t } = useTranslation('generate');
  const result = useSamples((state) => state.result);
  const chosen = useSamples((state) => state.chosen);
  const [exporting, setExporting] = useState(false);
  const own = useSide();
  const all = result?.pictures.map((_, index) => index) ?? [];
  const indices = chosen.size === 0 ? all : all.filter((index) => chosen.has(index));
  return (
    <>
      <p className="generate-help">{t('chooseHint')}</p>
      <Button
        variant="primary"
        isDisabled={indices.length === 0}
        onPress={() => {
          setExporting(true);
        }}
      >
        {chosen.size === 0 ? t('exportAll', { count: indices.length }) : t('exportCount', { count: indices.length })}
      </Button>
      {exporting && result !== null ? (
        <ExportPictures
          title={t('exportTitle', { count: indices.length })}
          note={t('samplesSmall', { own, side: SAMPLE_PX })}
          onClose={() => {
            setExporting(false);
          }}
          run={(ticket, signal, settings) => {
            return host().call('generate.exportSamples', { ticket, ...result.made, indices, export: settings }, signal);
          }}
        />
      ) : null}
    </>
  );
}

function SampleGrid({ result, busy }: { readonly result: Samples; readonly busy: boolean }): React.JSX.Element {
  const { t } = useTranslation('generate');
  const chosen = useSamples((state) => state.chosen);
  return (
    <div
      className="samples"
      role="group"
      aria-label={t('samples')}
      data-busy={busy || undefined}
      data-ready={!busy || undefined}
    >
      {result.pictures.map(({ image }, index) => (
        <button
          key={image}
          type="button"
          className="sample"
          aria-label={t('sample', { number: index + 1 })}
          aria-pressed={chosen.has(index)}
          onClick={() => {
            toggleChosen(index);
          }}
        >
          <img src={imageUrl(image)} alt="" draggable={false} />
          {chosen.has(index) ? (
            <span className="variation-pin">
              <Check aria-hidden />
            </span>
          ) : null}
        </button>
      ))}
    </div>
  );
}
