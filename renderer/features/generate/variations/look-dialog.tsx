import { GitBranch, Pin } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, ToggleButton } from '../../../elements/button.js';
import { Dialog } from '../../../elements/dialog.js';
import { imageUrl } from '../../../host.js';
import { JobBar } from '../job-bar.js';
import { HOLDING } from './hold-original.js';
import { nameOf } from './names.js';
import { RecipePart } from './recipe-part.js';
import { canBranch } from './tree.js';
import {
  closeLook,
  isPinned,
  lookAt,
  togglePinned,
  useVariations,
  varyFurther,
  type Look,
} from './variations-state.js';

/** One variation, as large as the window lets it. */
export function LookDialog(): React.JSX.Element | null {
  const look = useVariations((state) => state.look);
  return look === null ? null : <OpenLook look={look} />;
}

function OpenLook({ look }: { readonly look: Look }): React.JSX.Element {
  const { t } = useTranslation('generate');
  const job = useVariations((state) => state.lookJob);
  const holding = useVariations((state) => state.holding);
  const small = useVariations((state) => state.sheet?.base.image);
  const { variation } = look;
  const { steps } = variation.recipe;
  const pinned = useVariations((state) => isPinned(state.pinned, steps));
  const base = look.base ?? small;
  const shown = holding && base !== undefined ? base : (look.picture ?? variation.picture.image);
  const { width, height } = variation.picture;
  return (
    <Dialog
      title={nameOf(steps, t)}
      size="large"
      isOpen
      onClose={closeLook}
      footer={
        <>
          <button type="button" className="look-hold" aria-pressed={holding} {...HOLDING}>
            {t('showOriginal')}
          </button>
          <ToggleButton
            icon={<Pin aria-hidden />}
            isSelected={pinned}
            onChange={() => {
              togglePinned(variation);
            }}
          >
            {t('pinned')}
          </ToggleButton>
          <Button
            icon={<GitBranch aria-hidden />}
            isDisabled={!canBranch(steps)}
            onPress={() => {
              varyFurther(variation);
            }}
          >
            {t('varyFurther')}
          </Button>
        </>
      }
    >
      <div className="look">
        <div className="look-picture" data-ready={look.picture !== null || undefined}>
          {/* The small one has the shape of the large one, so that nothing jumps when that comes. */}
          <img
            src={imageUrl(shown)}
            alt={holding ? t('original') : nameOf(steps, t)}
            width={2 * width}
            height={2 * height}
            draggable={false}
          />
        </div>
        <JobBar job={job} label={t('working')} onStop={closeLook} onRetry={() => void lookAt(variation)} />
        <RecipePart variation={variation} />
      </div>
    </Dialog>
  );
}
