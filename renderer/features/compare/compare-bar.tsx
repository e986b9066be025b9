import { ChevronDown, ChevronLeft, ChevronRight, Eye, ZoomIn, ZoomOut } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CompareMode, PhotoId } from '../../../preload/contract.js';
import { COMPARE_MODES } from '../../../preload/vocabulary.js';
import { Button, IconButton } from '../../elements/button.js';
import { Menu, MenuItem } from '../../elements/menu.js';
import { SegmentedControl } from '../../elements/segmented-control.js';
import { shortcutOf } from '../../state/commands.js';
import { setPreferences } from '../../state/session.js';
import { setHolding, useCompare, zoomStep, zoomTo } from './compare-state.js';
import { zoomPercent } from './format.js';
import { MODE_ICONS, MODE_KEYS } from './modes.js';
import { showNeighbour, type Neighbours } from './order.js';

/** From this width on the modes have texts instead of icons. */
const WIDE_PX = 880;
const ZOOMS = [0.5, 1, 2, 4] as const;

interface CompareBarProps {
  readonly photo: PhotoId;
  readonly mode: CompareMode;
  readonly neighbours: Neighbours;
}

/** What is shown of which photo, and how large. */
export function CompareBar({ photo, mode, neighbours }: CompareBarProps): React.JSX.Element {
  const { t } = useTranslation('compare');
  const [bar, isWide] = useWide();
  const { index, count } = neighbours;
  return (
    <div ref={bar} className="compare-bar">
      <div className="compare-bar-group">
        <IconButton
          label={t('previous')}
          shortcut="PageUp"
          isDisabled={index <= 0}
          onPress={() => {
            showNeighbour(photo, -1);
          }}
        >
          <ChevronLeft aria-hidden />
        </IconButton>
        <span className="compare-position">{t('position', { index: index + 1, count })}</span>
        <IconButton
          label={t('next')}
          shortcut="PageDown"
          isDisabled={index >= count - 1}
          onPress={() => {
            showNeighbour(photo, 1);
          }}
        >
          <ChevronRight aria-hidden />
        </IconButton>
      </div>
      <SegmentedControl
        label={t('modes.label')}
        value={mode}
        size="small"
        iconsOnly={!isWide}
        segments={COMPARE_MODES.map((value) => ({
          value,
          label: t(`modes.${value}`),
          shortcut: MODE_KEYS[value],
          ...(isWide ? {} : { icon: MODE_ICONS[value] }),
        }))}
        onChange={(compareMode) => {
          void setPreferences({ compareMode });
        }}
      />
      <div className="compare-bar-group compare-bar-end">
        <IconButton
          label={t('hold')}
          shortcut=" "
          isDisabled={mode === 'original'}
          onPressStart={() => {
            setHolding(true);
          }}
          onPressEnd={() => {
            setHolding(false);
          }}
        >
          <Eye aria-hidden />
        </IconButton>
        <IconButton
          label={t('zoom.out')}
          shortcut={shortcutOf('zoom-out')}
          onPress={() => {
            zoomStep(-1);
          }}
        >
          <ZoomOut aria-hidden />
        </IconButton>
        <ZoomMenu />
        <IconButton
          label={t('zoom.in')}
          shortcut={shortcutOf('zoom-in')}
          onPress={() => {
            zoomStep(1);
          }}
        >
          <ZoomIn aria-hidden />
        </IconButton>
      </div>
    </div>
  );
}

function ZoomMenu(): React.JSX.Element {
  const { t } = useTranslation('compare');
  const viewport = useCompare((state) => state.viewport);
  const percent = viewport === null ? '–' : t('zoom.percent', { percent: zoomPercent(viewport.zoom) });
  const shortcuts: Readonly<Record<number, string>> = { 1: '1', 2: '2', 4: '4' };
  return (
    <Menu
      label={t('zoom.label')}
      placement="bottom end"
      trigger={
        <Button
          variant="ghost"
          size="small"
          aria-label={`${t('zoom.label')}: ${percent}${viewport?.fit === true ? `, ${t('zoom.fit')}` : ''}`}
          isDisabled={viewport === null}
        >
          <span className="compare-zoom">
            {viewport?.fit === true ? t('zoom.fit') : percent}
            <ChevronDown aria-hidden size={14} />
          </span>
        </Button>
      }
    >
      <MenuItem
        label={t('zoom.fit')}
        shortcut="0"
        isChecked={viewport?.fit === true}
        onAction={() => {
          zoomTo('fit');
        }}
      />
      {ZOOMS.map((zoom) => (
        <MenuItem
          key={zoom}
          label={t('zoom.percent', { percent: zoomPercent(zoom) })}
          shortcut={shortcuts[zoom]}
          isChecked={viewport?.zoom === zoom && !viewport.fit}
          onAction={() => {
            zoomTo(zoom);
          }}
        />
      ))}
    </Menu>
  );
}

/** A ref, and whether its element is wide. */
function useWide(): readonly [React.RefObject<HTMLDivElement | null>, boolean] {
  const element = useRef<HTMLDivElement>(null);
  const [isWide, setWide] = useState(true);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWide(entry.contentRect.width >= WIDE_PX);
    });
    observer.observe(element.current!);
    return () => {
      observer.disconnect();
    };
  }, []);
  return [element, isWide];
}
