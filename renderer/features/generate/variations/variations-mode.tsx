import { ChevronLeft, ChevronRight, Sparkles } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_STEP_STRENGTH } from '../../../../preload/vocabulary.js';
import { Button, IconButton } from '../../../elements/button.js';
import { EmptyState } from '../../../elements/empty-state.js';
import { SegmentedControl } from '../../../elements/segmented-control.js';
import { Slider } from '../../../elements/slider.js';
import { useCommand } from '../../../state/commands.js';
import { currentSettings, useLibrary } from '../../../state/library.js';
import { useSelection } from '../../../state/selection.js';
import { useSession } from '../../../state/session.js';
import { useShown } from '../../../state/shown.js';
import { JobBar } from '../job-bar.js';
import { Panel, PanelPart } from '../panel.js';
import { PhotoThumb, useName } from '../photo-thumb.js';
import { SeedControl } from '../seed-control.js';
import { Crumbs } from './crumbs.js';
import { LookDialog } from './look-dialog.js';
import { Pins } from './pins.js';
import { RecipePart } from './recipe-part.js';
import { Sheet } from './sheet.js';
import { currentNode } from './tree.js';
import {
  changeSheet,
  closeLook,
  FIRST_SHEET,
  loadSheet,
  setHolding,
  showPhoto,
  stopSheet,
  useVariations,
} from './variations-state.js';
import './variations.css';

/** Variations of the photo that has the focus. */
export function VariationsMode(): React.JSX.Element {
  const { t } = useTranslation('generate');
  const job = useVariations((state) => state.job);
  const stopped = useVariations(
    (state) => state.photo !== null && state.sheet === null && !state.job.busy && state.job.error === null,
  );
  useActivePhoto();
  useCommand(
    'generate-hold',
    () => {
      setHolding(true);
    },
    {
      release: () => {
        setHolding(false);
      },
    },
  );
  return (
    <>
      <section className="generate-main" aria-label={t('mode.variations')}>
        <Crumbs />
        <JobBar job={job} label={t('making')} onStop={stopSheet} onRetry={() => void loadSheet()} />
        {stopped ? (
          <EmptyState
            icon={<Sparkles aria-hidden />}
            title={t('mode.variations')}
            actions={<Button onPress={() => void loadSheet()}>{t('makeSheet')}</Button>}
          />
        ) : (
          <Sheet />
        )}
        <Pins />
        <LookDialog />
      </section>
      <VariationsPanel />
    </>
  );
}

/** Follows the photo that has the focus in the library, its file and its sliders. */
function useActivePhoto(): void {
  const active = useSelection((state) => state.active);
  const first = useShown((state) => state.order[0]);
  const isThere = useLibrary((state) => active !== null && state.photos.has(active));
  const photo = isThere ? active : (first ?? null);
  const modifiedAt = useLibrary((state) => (photo === null ? 0 : state.photos.get(photo)?.modifiedAt));
  const adjustments = useLibrary((state) => (photo === null ? null : state.photos.get(photo)?.adjustments));
  const defaults = useSession((state) => state.preferences.adjustments);
  const settings = photo === null ? '' : JSON.stringify([modifiedAt, currentSettings(photo)]);
  useEffect(() => {
    if (photo !== null) showPhoto(photo);
    // The settings are those of the photo: other ones make other variations.
  }, [photo, settings, adjustments, defaults]);
  useEffect(
    () => () => {
      stopSheet();
      closeLook();
    },
    [],
  );
}

function VariationsPanel(): React.JSX.Element {
  const { t } = useTranslation('generate');
  const sheet = useVariations((state) => currentNode(state.tree).sheet);
  const pointed = useVariations((state) => state.pointed);
  return (
    <Panel>
      <PhotoCard />
      <div className="generate-part">
        <SegmentedControl
          label={t('kind')}
          value={sheet.kind}
          segments={[
            { value: 'around', label: t('around') },
            { value: 'directions', label: t('directions') },
          ]}
          onChange={(kind) => {
            changeSheet({ kind });
          }}
          stretch
        />
        <p className="generate-help">{sheet.kind === 'around' ? t('aroundHelp') : t('directionsHelp')}</p>
      </div>
      <Slider
        label={t('strength')}
        description={t('strengthHelp')}
        value={sheet.strength}
        min={0}
        max={MAX_STEP_STRENGTH}
        step={0.05}
        defaultValue={FIRST_SHEET.strength}
        format={{ style: 'percent' }}
        onChange={(strength) => {
          changeSheet({ strength }, false);
        }}
        onChangeEnd={(strength) => {
          changeSheet({ strength });
        }}
      />
      {sheet.kind === 'around' ? (
        <SeedControl
          seed={sheet.seed}
          onChange={(seed) => {
            changeSheet({ seed });
          }}
        />
      ) : null}
      {pointed === null ? null : (
        <PanelPart title={t('recipe')}>
          <RecipePart variation={pointed} />
        </PanelPart>
      )}
    </Panel>
  );
}

/** Which photo it is, and the ones beside it. */
function PhotoCard(): React.JSX.Element | null {
  const { t } = useTranslation('generate');
  const photo = useVariations((state) => state.photo);
  const name = useName(photo);
  const order = useShown((state) => state.order);
  if (photo === null) return null;
  const at = order.indexOf(photo);
  const go = (step: 1 | -1) => (): void => {
    const next = order[at + step];
    if (next !== undefined) useSelection.setState({ active: next, anchor: next });
  };
  return (
    <div className="photo-card">
      <PhotoThumb photo={photo} />
      <span className="photo-card-name" title={name}>
        {name}
      </span>
      <IconButton label={t('previousPhoto')} size="small" isDisabled={at <= 0} onPress={go(-1)}>
        <ChevronLeft aria-hidden />
      </IconButton>
      <IconButton label={t('nextPhoto')} size="small" isDisabled={at >= order.length - 1} onPress={go(1)}>
        <ChevronRight aria-hidden />
      </IconButton>
    </div>
  );
}
