import { Expand, GitBranch, Pin } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImageId, SheetVariation } from '../../../../preload/contract.js';
import { SHEET_COUNT } from '../../../../preload/vocabulary.js';
import { IconButton } from '../../../elements/button.js';
import { imageUrl } from '../../../host.js';
import { useName } from '../photo-thumb.js';
import { nameOf } from './names.js';
import { canBranch, currentNode, stepsKey } from './tree.js';
import { HoldOriginal } from './hold-original.js';
import {
  isPinned,
  lookAt,
  pointAt,
  reloadSheet,
  togglePinned,
  useVariations,
  varyFurther,
  walkTo,
} from './variations-state.js';

/** Columns of variations; the original has one of its own. */
const COLUMNS = 3;

/** Nine variations and the photo itself, all in view. */
export function Sheet(): React.JSX.Element {
  const { t } = useTranslation('generate');
  const sheet = useVariations((state) => state.sheet);
  const busy = useVariations((state) => state.job.busy);
  const photo = useVariations((state) => state.photo);
  const name = useName(photo);
  const grid = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS }[event.key];
    if (step === undefined) return;
    const pictures = [...(grid.current?.querySelectorAll<HTMLElement>('.variation-picture') ?? [])];
    const at = pictures.indexOf(document.activeElement as HTMLElement);
    const next = at < 0 ? undefined : pictures[at + step];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    next.focus();
  };
  return (
    <div className="sheet" data-busy={busy || undefined} data-ready={(sheet !== null && !busy) || undefined}>
      <div className="sheet-own">
        {sheet === null ? <div className="sheet-waiting" /> : <HoldOriginal image={sheet.base.image} />}
        <VariedFrom />
        <p className="generate-help" aria-hidden>
          {t('holdOriginal')}
        </p>
      </div>
      <div
        ref={grid}
        className="sheet-grid"
        role="group"
        aria-label={t('sheet', { name })}
        aria-busy={busy}
        onKeyDown={onKeyDown}
      >
        {sheet === null
          ? Array.from({ length: SHEET_COUNT }, (_, index) => <div key={index} className="sheet-waiting" />)
          : sheet.variations.map((variation) => (
              <VariationCell key={stepsKey(variation.recipe.steps)} variation={variation} base={sheet.base.image} />
            ))}
      </div>
    </div>
  );
}

/** The variation that this sheet goes on from, and the way back. */
function VariedFrom(): React.JSX.Element | null {
  const { t } = useTranslation('generate');
  const { image, steps, parent } = useVariations((state) => currentNode(state.tree));
  if (image === null || parent === null) return null;
  const name = nameOf(steps, t);
  return (
    <div className="variation">
      <button
        type="button"
        className="variation-picture"
        aria-label={t('back', { name })}
        onClick={() => {
          walkTo(parent);
        }}
      >
        <img src={imageUrl(image)} alt="" draggable={false} />
      </button>
      <div className="variation-bar">
        <span className="variation-name">{t('variedFrom', { name })}</span>
      </div>
    </div>
  );
}

interface VariationCellProps {
  readonly variation: SheetVariation;
  readonly base: ImageId;
}

function VariationCell({ variation, base }: VariationCellProps): React.JSX.Element {
  const { t } = useTranslation('generate');
  const holding = useVariations((state) => state.holding);
  const { steps } = variation.recipe;
  const pinned = useVariations((state) => isPinned(state.pinned, steps));
  const name = nameOf(steps, t);
  return (
    <div className="variation" data-pinned={pinned || undefined}>
      <button
        type="button"
        className="variation-picture"
        aria-pressed={pinned}
        aria-label={t('pin', { name })}
        onFocus={() => {
          pointAt(variation);
        }}
        onClick={() => {
          pointAt(variation);
          togglePinned(variation);
        }}
        onDoubleClick={() => void lookAt(variation)}
      >
        <img src={imageUrl(holding ? base : variation.picture.image)} alt="" draggable={false} onError={reloadSheet} />
        {pinned ? (
          <span className="variation-pin">
            <Pin aria-hidden />
          </span>
        ) : null}
      </button>
      <div className="variation-bar">
        <span className="variation-name">{holding ? t('original') : name}</span>
        <IconButton label={t('look', { name })} size="small" onPress={() => void lookAt(variation)}>
          <Expand aria-hidden />
        </IconButton>
        <IconButton
          label={t('vary', { name })}
          size="small"
          isDisabled={!canBranch(steps)}
          onPress={() => {
            varyFurther(variation);
          }}
        >
          <GitBranch aria-hidden />
        </IconButton>
      </div>
    </div>
  );
}
