import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CompareMode, PhotoEntry } from '../../../preload/contract.js';
import { attachGestures } from '../../elements/pan-zoom/gestures.js';
import type { Point } from '../../elements/pan-zoom/viewport.js';
import { SplitDivider } from '../../elements/split-view/split-divider.js';
import { pan, setHolding, setSplit, toggleFit, useCompare, zoomBy } from './compare-state.js';
import { zoomPercent } from './format.js';
import { PreviewBadge } from './preview-badge.js';
import { Stage } from './stage.js';
import { StageLegend } from './stage-legend.js';
import { StageMessage } from './stage-message.js';
import { Waiting } from './waiting.js';

/** A pointer that rests this long on a result shows the original until it is let go. */
const HOLD_AFTER_MS = 220;

interface StageViewProps {
  readonly photo: PhotoEntry;
  readonly mode: CompareMode;
}

/** The photo, and what lies over it. */
export function StageView({ photo, mode }: StageViewProps): React.JSX.Element {
  const { t } = useTranslation('compare');
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const stage = useRef<Stage>(null);
  const opened = useCompare((state) => state.opened);
  const split = useCompare((state) => state.split);
  const holding = useCompare((state) => state.holding);
  const percent = useCompare((state) => (state.viewport === null ? null : zoomPercent(state.viewport.zoom)));
  const graphics = useCompare((state) => state.graphics);

  useEffect(() => {
    stage.current = new Stage(canvas.current!);
    return () => {
      stage.current?.stop();
      stage.current = null;
    };
  }, []);

  useEffect(() => attachGestures(frame.current!, gesturesFor(mode)), [mode]);

  const isOpen = opened.state === 'open' && opened.photo === photo.id && graphics === 'ok';
  return (
    <div
      ref={frame}
      className="compare-stage"
      role="group"
      aria-label={t('stage')}
      aria-describedby="compare-stage-hint"
      tabIndex={0}
      data-mode={mode}
    >
      <span id="compare-stage-hint" hidden>
        {t('stageHint')}
      </span>
      <canvas
        ref={canvas}
        className="compare-canvas"
        role="img"
        aria-label={t('canvas', { name: photo.name, mode: t(`modes.${mode}`), percent: percent ?? '–' })}
      />
      <Waiting photo={photo} />
      {isOpen && <Labels mode={mode} holding={holding} split={split} />}
      {isOpen && mode === 'split' && (
        <SplitDivider
          position={split}
          onChange={setSplit}
          label={t('divider')}
          valueText={t('dividerValue', { percent: Math.round(split * 100) })}
        />
      )}
      {isOpen && <StageLegend mode={mode} />}
      {isOpen && <PreviewBadge onRetry={() => stage.current?.retry()} />}
      <StageMessage photo={photo} onRetry={() => stage.current?.retry()} />
    </div>
  );
}

interface LabelsProps {
  readonly mode: CompareMode;
  readonly holding: boolean;
  readonly split: number;
}

/** Which side is which. */
function Labels({ mode, holding, split }: LabelsProps): React.JSX.Element | null {
  const { t } = useTranslation('compare');
  if (mode === 'split' || mode === 'side') {
    return (
      <>
        {(mode === 'side' || split > 0.08) && <span className="compare-label compare-label-before">{t('before')}</span>}
        {(mode === 'side' || split < 0.92) && (
          <span className="compare-label compare-label-after">{holding ? t('original') : t('after')}</span>
        )}
      </>
    );
  }
  return <span className="compare-label compare-label-before">{holding ? t('original') : t(`modes.${mode}`)}</span>;
}

/** What gestures do: zoom, move, and show the original while the pointer is held on a result. */
function gesturesFor(mode: CompareMode): Parameters<typeof attachGestures>[1] {
  let holdTimer: ReturnType<typeof setTimeout> | undefined;
  const ratio = (): number => useCompare.getState().pixelRatio;
  /** From the frame's corner in CSS pixels to the pane's in device pixels; panes side by side move as one. */
  const inPane = (at: Point): Point => {
    const { pane } = useCompare.getState();
    const x = at.x * ratio();
    const isSecond = mode === 'side' && pane !== null && x > pane.width;
    return { x: isSecond ? Math.max(0, x - pane.width) : x, y: at.y * ratio() };
  };
  return {
    pan: (dx, dy) => {
      if (dx !== 0 || dy !== 0) clearTimeout(holdTimer);
      pan(dx * ratio(), dy * ratio());
    },
    zoom: (factor, at) => {
      zoomBy(factor, inPane(at));
    },
    toggle: (at) => {
      toggleFit(inPane(at));
    },
    press: (down) => {
      clearTimeout(holdTimer);
      if (down && mode !== 'split' && mode !== 'side' && mode !== 'original') {
        holdTimer = setTimeout(() => {
          setHolding(true);
        }, HOLD_AFTER_MS);
      } else if (!down) setHolding(false);
    },
  };
}
