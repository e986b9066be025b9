import { Lasso, Maximize, Map as MapIcon, Minus, Move, Plus, Route } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { MOST_MAPPED } from '../../../../preload/vocabulary.js';
import { Button, IconButton } from '../../../elements/button.js';
import { EmptyState } from '../../../elements/empty-state.js';
import { SegmentedControl } from '../../../elements/segmented-control.js';
import { useLibrary } from '../../../state/library.js';
import { clearSelection, useSelection } from '../../../state/selection.js';
import { showLibrary } from '../../../state/view.js';
import { JobBar } from '../job-bar.js';
import { useName } from '../photo-thumb.js';
import { someOf } from '../some-of.js';
import { MapPanel } from './map-panel.js';
import { MapStage } from './map-stage.js';
import { loadMap, MAP_TOOLS, showMap, stopFinding, stopMap, useMap, type MapTool } from './map-state.js';
import { layOut, type World } from './world.js';
import './map.css';

/** More photos may be on their way: a map of each would be for nothing. */
const QUIET_MS = 600;

const TOOL_ICONS: Readonly<Record<MapTool, React.JSX.Element>> = {
  move: <Move aria-hidden />,
  walk: <Route aria-hidden />,
  lasso: <Lasso aria-hidden />,
};

/** The photos of the library where a latent space puts them: those that look alike lie beside each other. */
export function MapMode(): React.JSX.Element {
  const { t } = useTranslation('generate');
  const job = useMap((state) => state.job);
  const map = useMap((state) => state.map);
  const count = useMappedPhotos();
  const stageRef = useRef<MapStage | null>(null);
  const world = useMemo(() => (map === null ? null : layOut(map.points)), [map]);
  if (count < 2) {
    return (
      <EmptyState
        icon={<MapIcon aria-hidden />}
        title={t('mapTwo')}
        actions={<Button onPress={showLibrary}>{t('toLibrary')}</Button>}
      >
        {t('mapTwoText')}
      </EmptyState>
    );
  }
  return (
    <>
      <section className="generate-main" aria-label={t('mode.map')}>
        <JobBar job={job} label={t('reading')} onStop={stopMap} onRetry={() => void loadMap()} />
        {world === null ? (
          <EmptyState
            icon={<MapIcon aria-hidden />}
            title={t('mode.map')}
            actions={job.busy ? null : <Button onPress={() => void loadMap()}>{t('drawMap')}</Button>}
          >
            {t('readingText')}
          </EmptyState>
        ) : (
          <MapView world={world} stageRef={stageRef} />
        )}
        <SelectionBar />
      </section>
      <MapPanel
        onShow={(photo) => {
          stageRef.current?.show(photo);
        }}
      />
    </>
  );
}

/** Has the map of the library shown, and followed; says how many photos there are. */
function useMappedPhotos(): number {
  const photos = useLibrary((state) => state.photos);
  const usable = useMemo(
    () => [...photos.values()].filter(({ error }) => error === null).map(({ id }) => id),
    [photos],
  );
  const latest = useRef(usable);
  useEffect(() => {
    latest.current = usable;
  }, [usable]);
  // Entries change as their noise is measured: the map does so with the list alone.
  const list = usable.join();
  useEffect(() => {
    if (latest.current.length < 2) return undefined;
    const known = useMap.getState().photos.length === 0;
    const timer = setTimeout(() => void showMap(someOf(latest.current, MOST_MAPPED)), known ? 0 : QUIET_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [list]);
  useEffect(
    () => () => {
      stopMap();
      stopFinding();
    },
    [],
  );
  return usable.length;
}

interface MapViewProps {
  readonly world: World;
  readonly stageRef: React.RefObject<MapStage | null>;
}

function MapView({ world, stageRef }: MapViewProps): React.JSX.Element {
  const { t } = useTranslation('generate');
  const tool = useMap((state) => state.tool);
  const room = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const made = new MapStage(room.current!, canvas.current!, world);
    stageRef.current = made;
    return () => {
      stageRef.current = null;
      made.close();
    };
  }, [world, stageRef]);
  return (
    <div className="map">
      <div
        ref={room}
        className="map-room"
        data-tool={tool}
        role="application"
        aria-label={t('mapLabel', { count: world.photos.length })}
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          if (stageRef.current?.press(event) !== true) return;
          event.preventDefault();
          event.stopPropagation();
        }}
        onBlur={() => stageRef.current?.blur()}
      >
        <canvas ref={canvas} className="map-canvas" aria-hidden />
      </div>
      <div className="map-tools">
        <SegmentedControl
          label={t('tools')}
          value={tool}
          segments={MAP_TOOLS.map((value) => ({
            value,
            label: { move: t('toolMove'), walk: t('toolWalk'), lasso: t('toolLasso') }[value],
            icon: TOOL_ICONS[value],
          }))}
          onChange={(next) => {
            useMap.setState({ tool: next });
          }}
        />
        <div className="map-zoom">
          <IconButton label={t('zoomOut')} variant="secondary" onPress={() => stageRef.current?.zoom(-1)}>
            <Minus aria-hidden />
          </IconButton>
          <IconButton label={t('zoomIn')} variant="secondary" onPress={() => stageRef.current?.zoom(1)}>
            <Plus aria-hidden />
          </IconButton>
          <IconButton label={t('zoomFit')} variant="secondary" onPress={() => stageRef.current?.fit()}>
            <Maximize aria-hidden />
          </IconButton>
        </div>
      </div>
      <p className="map-help">{t(`toolHelp.${tool}`)}</p>
      <Announcer />
    </div>
  );
}

/** Says which photo is nearest to the keyboard's cursor. */
function Announcer(): React.JSX.Element {
  const { t } = useTranslation('generate');
  const name = useName(useMap((state) => state.hovered));
  return (
    <span className="visually-hidden" role="status">
      {name === '' ? '' : t('cursorAt', { name })}
    </span>
  );
}

/** What becomes of the photos that were selected. */
function SelectionBar(): React.JSX.Element | null {
  const { t } = useTranslation('generate');
  const count = useSelection((state) => state.selected.size);
  if (count === 0) return null;
  return (
    <div className="map-selection">
      <span className="map-selection-count" role="status">
        {t('selected', { count })}
      </span>
      <Button size="small" variant="ghost" onPress={clearSelection}>
        {t('clearSelection')}
      </Button>
      <Button size="small" variant="primary" onPress={showLibrary}>
        {t('showInLibrary')}
      </Button>
    </div>
  );
}
