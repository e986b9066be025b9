import i18next from 'i18next';
import type { CompareMode, PhotoId } from '../../../preload/contract.js';
import { COMPARE_MODES } from '../../../preload/vocabulary.js';
import { declareCommands, useCommand } from '../../state/commands.js';
import { setPreferences } from '../../state/session.js';
import { panShare, setHolding, zoomStep, zoomTo } from './compare-state.js';
import { MODE_KEYS } from './modes.js';
import { showNeighbour } from './order.js';

/** What can be asked for in the compare view, by key or by the system's menu. */

const title = (key: Parameters<typeof text>[0]) => (): string => text(key);
const text = (
  key:
    | 'hold'
    | 'previous'
    | 'next'
    | 'zoom.fit'
    | 'zoom.in'
    | 'zoom.out'
    | 'panLeft'
    | 'panRight'
    | 'panUp'
    | 'panDown'
    | `modes.${CompareMode}`,
): string => i18next.t(key, { ns: 'compare' });
const percent = (value: number) => (): string => i18next.t('zoom.percent', { ns: 'compare', percent: value });

const group = 'compare' as const;

declareCommands([
  { id: 'compare-hold', group, keys: [' '], title: title('hold') },
  { id: 'compare-previous', group, keys: ['PageUp', '['], title: title('previous') },
  { id: 'compare-next', group, keys: ['PageDown', ']'], title: title('next') },
  { id: 'zoom-fit', group, keys: ['0', 'F'], title: title('zoom.fit') },
  { id: 'zoom-100', group, keys: ['1'], title: percent(100) },
  { id: 'zoom-200', group, keys: ['2'], title: percent(200) },
  { id: 'zoom-400', group, keys: ['4'], title: percent(400) },
  { id: 'zoom-in', group, keys: ['+', '='], title: title('zoom.in') },
  { id: 'zoom-out', group, keys: ['-', '_'], title: title('zoom.out') },
  { id: 'pan-left', group, keys: ['ArrowLeft'], title: title('panLeft') },
  { id: 'pan-right', group, keys: ['ArrowRight'], title: title('panRight') },
  { id: 'pan-up', group, keys: ['ArrowUp'], title: title('panUp') },
  { id: 'pan-down', group, keys: ['ArrowDown'], title: title('panDown') },
  ...COMPARE_MODES.map((mode) => ({
    id: `mode-${mode}`,
    group,
    keys: [MODE_KEYS[mode]],
    title: title(`modes.${mode}`),
  })),
]);

/** Share of the pane that an arrow key moves the photo by. */
const PAN_SHARE = 0.1;

/** Carries out the commands of the compare view while it is shown. */
export function useCompareCommands(photo: PhotoId | null): void {
  const go = (direction: 1 | -1) => (): boolean => photo !== null && showNeighbour(photo, direction);
  const mode = (compareMode: CompareMode) => (): void => {
    void setPreferences({ compareMode });
  };
  useCommand(
    'compare-hold',
    () => {
      setHolding(true);
    },
    {
      release: () => {
        setHolding(false);
      },
    },
  );
  useCommand('compare-previous', go(-1));
  useCommand('compare-next', go(1));
  useCommand('zoom-fit', () => zoomTo('fit'));
  useCommand('zoom-100', () => zoomTo(1));
  useCommand('zoom-200', () => zoomTo(2));
  useCommand('zoom-400', () => zoomTo(4));
  useCommand('zoom-in', () => zoomStep(1));
  useCommand('zoom-out', () => zoomStep(-1));
  // A photo that is in view from side to side cannot move: there the arrows go to its neighbours.
  useCommand('pan-left', () => panShare(PAN_SHARE, 0) || go(-1)());
  useCommand('pan-right', () => panShare(-PAN_SHARE, 0) || go(1)());
  useCommand('pan-up', () => panShare(0, PAN_SHARE));
  useCommand('pan-down', () => panShare(0, -PAN_SHARE));
  useCommand('mode-split', mode('split'));
  useCommand('mode-side', mode('side'));
  useCommand('mode-original', mode('original'));
  useCommand('mode-result', mode('result'));
  useCommand('mode-removed', mode('removed'));
  useCommand('mode-noise', mode('noise'));
  useCommand('mode-risk', mode('risk'));
}
