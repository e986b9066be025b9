import { Film } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FRAME_SIDES } from '../../../../preload/vocabulary.js';
import { Button } from '../../../elements/button.js';
import { Switch } from '../../../elements/checkbox.js';
import { EmptyState } from '../../../elements/empty-state.js';
import { SegmentedControl } from '../../../elements/segmented-control.js';
import { Select } from '../../../elements/select.js';
import { Slider } from '../../../elements/slider.js';
import { host } from '../../../host.js';
import { useLibrary } from '../../../state/library.js';
import { useSelection } from '../../../state/selection.js';
import { shownOrder } from '../../../state/shown.js';
import { showLibrary } from '../../../state/view.js';
import { chosenVae } from '../generate-state.js';
import { ExportPictures } from '../export-pictures.js';
import { JobBar } from '../job-bar.js';
import { Panel, PanelPart } from '../panel.js';
import { changeWay, keepStops, loadWay, stopWay, useBetween } from './between-state.js';
import { FramePlayer } from './frame-player.js';
import { Stops } from './stops.js';
import './between.css';

const FRAME_COUNTS = { min: 4, max: 60 };
const FIRST_FRAMES = 16;
const SPEEDS = ['6', '12', '24'] as const;

/** A way from photo to photo, as a row of frames. */
export function BetweenMode(): React.JSX.Element {
  const { t } = useTranslation('generate');
  const job = useBetween((state) => state.job);
  const pictures = useBetween((state) => state.pictures);
  const photos = useLibrary((state) => state.photos);
  useEffect(() => {
    keepStops((photo) => photos.has(photo));
  }, [photos]);
  useEffect(() => {
    startWithSelection();
    return () => {
      stopWay();
      useBetween.setState({ playing: false });
    };
  }, []);
  const enough = useBetween((state) => state.photos.length >= 2);
  return (
    <>
      <section className="generate-main" aria-label={t('mode.between')}>
        <JobBar job={job} label={t('working')} onStop={stopWay} onRetry={() => void loadWay()} />
        {enough && pictures !== null ? (
          <FramePlayer pictures={pictures} />
        ) : enough ? (
          <EmptyState
            icon={<Film aria-hidden />}
            title={t('mode.between')}
            actions={job.busy ? null : <Button onPress={() => void loadWay()}>{t('makeWay')}</Button>}
          />
        ) : (
          <EmptyState
            icon={<Film aria-hidden />}
            title={t('betweenTwo')}
            actions={<Button onPress={showLibrary}>{t('toLibrary')}</Button>}
          >
            {t('betweenTwoText')}
          </EmptyState>
        )}
      </section>
      <BetweenPanel />
    </>
  );
}

/** The first time, the way leads along the photos that were selected. */
function startWithSelection(): void {
  const { photos, pictures, job } = useBetween.getState();
  if (photos.length === 0) {
    const { selected } = useSelection.getState();
    const chosen = shownOrder().filter((photo) => selected.has(photo));
    if (chosen.length >= 2) changeWay({ photos: chosen.slice(0, 8) });
  } else if (pictures === null && !job.busy) void loadWay();
}

function BetweenPanel(): React.JSX.Element {
  const { t } = useTranslation('generate');
  const way = useBetween();
  const [exporting, setExporting] = useState(false);
  return (
    <Panel
      foot={
        <Button
          variant="primary"
          isDisabled={way.pictures === null || way.photos.length < 2}
          onPress={() => {
            setExporting(true);
          }}
        >
          {t('exportWay')}
        </Button>
      }
    >
      <PanelPart title={t('stops')}>
        <Stops />
      </PanelPart>
      <Slider
        label={t('frames')}
        value={way.frames}
        min={FRAME_COUNTS.min}
        max={FRAME_COUNTS.max}
        step={1}
        defaultValue={FIRST_FRAMES}
        onChange={(frames) => {
          changeWay({ frames }, false);
        }}
        onChangeEnd={(frames) => {
          changeWay({ frames });
        }}
      />
      <Slider
        label={t('detail')}
        description={t('detailHelp')}
        value={way.detail}
        min={0}
        max={1}
        step={0.05}
        defaultValue={1}
        format={{ style: 'percent' }}
        onChange={(detail) => {
          changeWay({ detail }, false);
        }}
        onChangeEnd={(detail) => {
          changeWay({ detail });
        }}
      />
      <p className="generate-help">{t('detailHelp')}</p>
      <Switch
        value={way.closed}
        onChange={(closed) => {
          changeWay({ closed });
        }}
      >
        {t('closed')}
      </Switch>
      {exporting ? (
        <ExportWay
          onClose={() => {
            setExporting(false);
          }}
        />
      ) : null}
    </Panel>
  );
}

function ExportWay({ onClose }: { readonly onClose: () => void }): React.JSX.Element {
  const { t } = useTranslation('generate');
  const [as, setAs] = useState<'frames' | 'animation'>('animation');
  const [side, setSide] = useState<(typeof FRAME_SIDES)[number]>(FRAME_SIDES[1]);
  const [speed, setSpeed] = useState<(typeof SPEEDS)[number]>('12');
  return (
    <ExportPictures
      title={t('exportWayTitle')}
      onClose={onClose}
      run={(ticket, signal, settings) => {
        const { photos, frames, closed, detail } = useBetween.getState();
        const way = { ticket, vae: chosenVae(), photos: [...photos], frames, closed, detail };
        return host().call(
          'generate.exportBetween',
          { ...way, side, as, framesPerSecond: Number(speed), export: settings },
          signal,
        );
      }}
    >
      <SegmentedControl
        label={t('asWhat')}
        value={as}
        segments={[
          { value: 'animation', label: t('asAnimation') },
          { value: 'frames', label: t('asFrames') },
        ]}
        onChange={setAs}
        stretch
      />
      <Select
        label={t('size')}
        value={String(side)}
        options={FRAME_SIDES.map((value) => ({ value: String(value), label: t('pixels', { side: value }) }))}
        onChange={(value) => {
          setSide(FRAME_SIDES.find((known) => String(known) === value) ?? FRAME_SIDES[1]);
        }}
      />
      {as === 'animation' ? (
        <Select
          label={t('speed')}
          value={speed}
          options={SPEEDS.map((value) => ({ value, label: value }))}
          onChange={setSpeed}
        />
      ) : null}
    </ExportPictures>
  );
}
