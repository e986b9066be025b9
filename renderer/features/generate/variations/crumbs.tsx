import { ChevronRight } from 'lucide-react';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { imageUrl } from '../../../host.js';
import { PhotoThumb, useName } from '../photo-thumb.js';
import { nameOf } from './names.js';
import { branchesOf, crumbsOf, type TreeNode } from './tree.js';
import { useVariations, walkTo } from './variations-state.js';

/** The way from the photo to this sheet, and the branches that start here; each can be gone to. */
export function Crumbs(): React.JSX.Element {
  const { t } = useTranslation('generate');
  const tree = useVariations((state) => state.tree);
  const crumbs = crumbsOf(tree);
  const branches = branchesOf(tree);
  return (
    <div className="crumbs">
      <nav aria-label={t('crumbs')} className="crumbs-way">
        {crumbs.map((crumb, index) => (
          <Fragment key={crumb.id}>
            {index === 0 ? null : <ChevronRight aria-hidden className="crumbs-arrow" />}
            <NodeButton node={crumb} where={crumb.where} />
          </Fragment>
        ))}
      </nav>
      {branches.length > 1 ? (
        <div className="crumbs-branches" role="group" aria-label={t('branches')}>
          <span className="crumbs-label" aria-hidden>
            {t('branches')}
          </span>
          {branches.map((node) => (
            <NodeButton key={node.id} node={node} where="branch" />
          ))}
        </div>
      ) : null}
    </div>
  );
}

interface NodeButtonProps {
  readonly node: TreeNode;
  readonly where: 'behind' | 'here' | 'ahead' | 'branch';
}

function NodeButton({ node, where }: NodeButtonProps): React.JSX.Element {
  const { t } = useTranslation('generate');
  const photo = useVariations((state) => state.photo);
  const photoName = useName(photo);
  const name = node.parent === null ? photoName : nameOf(node.steps, t);
  return (
    <button
      type="button"
      className="crumb"
      data-where={where}
      title={name}
      aria-current={where === 'here' ? 'step' : undefined}
      aria-label={name}
      onClick={() => {
        walkTo(node.id);
      }}
    >
      {node.image !== null ? (
        <img src={imageUrl(node.image)} alt="" draggable={false} />
      ) : photo === null ? null : (
        <PhotoThumb photo={photo} />
      )}
      {where === 'branch' ? null : <span>{name}</span>}
    </button>
  );
}
