import { ChevronLeft, ChevronRight, ScanSearch } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PhotoId, PhotoView } from '../../../preload/contract.js';
import { IconButton } from '../../elements/button.js';
import { EmptyState } from '../../elements/empty-state.js';
import { Notice } from '../../elements/notice.js';
import { attachGestures } from '../../elements/pan-zoom/gestures.js';
import { Spinner } from '../../elements/progress.js';
import { SegmentedControl } from '../../elements/segmented-control.js';
import { Select, type Option } from '../../elements/select.js';
import { host } from '../../host.js';
import { describeError } from '../../i18n/error-text.js';
import { useLanguage } from '../../i18n/use-language.js';
import { useLibrary } from '../../state/library.js';
import { useOwnModels } from '../../state/own-models.js';
import { useSelection } from '../../state/selection.js';
import { useShown } from '../../state/shown.js';
import { formatDay } from './dates.js';
import { PairStage, type PairPane, type PairStatus } from './pair-stage.js';
import { useTrainPage } from './train-page.js';
import { modelText } from './words.js';

const ZOOMS = [1, 2, 4] as const;
/** How far an arrow key moves, in CSS pixels. */
const KEY_STEP_PX = 64;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [KEY_STEP_PX, 0],
  ArrowRight: [-KEY_STEP_PX, 0],
  ArrowUp: [0, KEY_STEP_PX],
  ArrowDown: [0, -KEY_STEP_PX],
};

/** The same part of a photo, as it is and as two models make it. */
export function ComparePage(): React.JSX.Element {
  const { t } = useTranslation('models');
  const order = useShown((state) => state.order);
  const active = useSelection((state) => state.active);
  const [chosen, setChosen] = useState<PhotoId | null>(active);
  const photo = useLibrary((state) => state.photos.get(chosen ?? order[0]!) ?? state.photos.get(order[0]!));
  if (photo === undefined) return <EmptyState icon={<ScanSearch aria-hidden />} title={t('noPhoto')} />;
  const index = order.indexOf(photo.id);
  const step = (direction: 1 | -1, label: string, icon: React.JSX.Element) => (
    <IconButton
      label={label}
      isDisabled={order[index + direction] === undefined}
      onPress={() => {
        setChosen(order[index + direction]!);
      }}
    >
      {icon}
    </IconButton>
  );
  return (
    <div className="pair">
      <div className="pair-bar">
        <div className="pair-photo">
          {step(-1, t('previous'), <ChevronLeft aria-hidden />)}
          <span className="pair-name" title={photo.name}>
            {photo.name}
          </span>
          {step(1, t('next'), <ChevronRight aria-hidden />)}
        </div>
        <ModelChoices />
      </div>
      <Panes photo={photo.id} />
    </div>
  );
}

/** The models that there are: those that ship, then every version. */
function useOptions(): readonly Option<string>[] {
  const { t } = useTranslation('models');
  const language = useLanguage();
  const models = useOwnModels((state) => state.models);
  const own = (models?.versions ?? []).map(({ id, promoted, card }) => ({
    value: id,
    label: `${card.name} · ${formatDay(card.created, language)}`,
    ...(promoted ? { detail: t('promoted') } : {}),
  }));
  return [...['fast', 'quality'].map((name) => ({ value: name, label: modelText(name) })), ...own];
}

function ModelChoices() {
  const { t } = useTranslation('models');
  const { a, b } = useTrainPage();
  const options = useOptions();
  return (
    <div className="pair-models">
      {(['a', 'b'] as const).map((side) => (
        <Select
          key={side}
          label={side === 'a' ? t('chooseA') : t('chooseB')}
          hideLabel
          value={side === 'a' ? a : b}
          options={options}
          onChange={(model) => {
            useTrainPage.setState({ [side]: model });
          }}
        />
      ))}
    </div>
  );
}

type Opened = { readonly photo: PhotoId; readonly view: PhotoView | null; readonly error: unknown };

/** Opens a photo for as long as it is looked at. */
function useView(photo: PhotoId): Opened {
  const [opened, setOpened] = useState<Opened>({ photo, view: null, error: null });
  useEffect(() => {
    const abort = new AbortController();
    host()
      .call('photo.open', { photo }, abort.signal)
      .then(
        (view) => {
          if (!abort.signal.aborted) setOpened({ photo, view, error: null });
        },
        (error: unknown) => {
          if (!abort.signal.aborted) setOpened({ photo, view: null, error });
        },
      );
    return () => {
      abort.abort();
    };
  }, [photo]);
  return opened.photo === photo ? opened : { photo, view: null, error: null };
}

function Panes({ photo }: { readonly photo: PhotoId }) {
  const { t } = useTranslation('models');
  const { a, b } = useTrainPage();
  const { view, error } = useView(photo);
  const frame = useRef<HTMLDivElement>(null);
  const stage = useRef<PairStage>(null);
  const [status, setStatus] = useState<PairStatus>({ waits: 'a', error: null, region: null });
  const [zoom, setZoom] = useState<(typeof ZOOMS)[number]>(1);
  useEffect(() => {
    const element = frame.current!;
    const canvas = (pane: PairPane) => element.querySelector<HTMLCanvasElement>(`[data-pane=${pane}] canvas`)!;
    const made = new PairStage({ original: canvas('original'), a: canvas('a'), b: canvas('b') }, setStatus);
    stage.current = made;
    const detach = [...element.querySelectorAll<HTMLElement>('.pair-canvas')].map((pane) =>
      attachGestures(pane, {
        pan: (dx, dy) => {
          made.pan(dx, dy);
        },
        zoom: () => undefined,
        toggle: () => undefined,
      }),
    );
    return () => {
      for (const off of detach) off();
      made.stop();
      stage.current = null;
    };
  }, []);
  useEffect(() => {
    stage.current?.show(view, a, b);
  }, [view, a, b]);
  useEffect(() => {
    stage.current?.zoomTo(zoom);
  }, [zoom]);
  const options = useOptions();
  const nameOf = (value: string): string => options.find((option) => option.value === value)?.label ?? modelText(value);
  const titles: Readonly<Record<PairPane, string>> = { original: t('original'), a: nameOf(a), b: nameOf(b) };
  const fault = error ?? status.error;
  return (
    <>
      <div ref={frame} className="pair-panes" data-waits={view === null ? 'photo' : (status.waits ?? 'none')}>
        {(['original', 'a', 'b'] as const).map((pane) => (
          <figure key={pane} className="pair-pane" data-pane={pane}>
            <figcaption>
              {pane === 'original' ? null : <span className="pair-letter">{pane.toUpperCase()}</span>}
              <span className="pair-title">{titles[pane]}</span>
              {status.waits === pane && fault === null ? <Spinner label={t('waiting')} size={14} /> : null}
            </figcaption>
            <div
              className="pair-canvas"
              role="group"
              tabIndex={0}
              aria-label={t('paneLabel', { model: titles[pane] })}
              onKeyDown={(event) => {
                const by = ARROWS[event.key];
                if (by === undefined) return;
                event.preventDefault();
                stage.current?.pan(...by);
              }}
            >
              <canvas aria-hidden />
            </div>
          </figure>
        ))}
      </div>
      <footer className="pair-foot">
        {fault === null ? (
          <span className="train-muted">{t('compareText')}</span>
        ) : (
          <Notice level="error" detail={describeError(fault).detail}>
            {describeError(fault).text}
          </Notice>
        )}
        <SegmentedControl
          label={t('zoom')}
          size="small"
          value={String(zoom)}
          segments={ZOOMS.map((value) => ({ value: String(value), label: t('zoomLabel', { percent: 100 * value }) }))}
          onChange={(next) => {
            setZoom(Number(next) as (typeof ZOOMS)[number]);
          }}
        />
      </footer>
    </>
  );
}
