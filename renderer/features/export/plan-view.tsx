import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportPlan, ExportSettings, PhotoId } from '../../../preload/contract.js';
import { Notice } from '../../elements/notice.js';
import { describeError } from '../../i18n/error-text.js';
import { formatBytes } from '../../i18n/format.js';
import { useLanguage } from '../../i18n/use-language.js';
import { useLibrary } from '../../state/library.js';
import { estimateBytes } from './estimate.js';
import { planRemarks, type PlanRemark } from './plan-remarks.js';
import type { PlanState } from './use-plan.js';

interface PlanViewProps {
  readonly photos: readonly PhotoId[];
  readonly settings: ExportSettings;
  readonly planned: PlanState;
}

/** What an export will do, and what stands in its way. */
export function PlanView({ photos, settings, planned }: PlanViewProps): React.JSX.Element {
  const { plan, pending, error } = planned;
  const { t } = useTranslation('export');
  const language = useLanguage();
  const library = useLibrary((state) => state.photos);
  const needed = useMemo(() => {
    const entries = photos.flatMap((id) => library.get(id) ?? []);
    return plan === null ? 0 : estimateBytes(plan, entries, settings.encode);
  }, [photos, library, plan, settings.encode]);
  const free = plan?.freeBytes ?? null;
  return (
    <section className="export-plan" aria-label={t('planTitle')} aria-busy={pending}>
      {error === null ? null : <Failure error={error} />}
      {plan === null ? (
        error === null && <p className="export-help">{t('examplePending')}</p>
      ) : (
        <p className="export-numbers">
          {t('planPhotos', { count: plan.photos, bytes: formatBytes(needed, language) })}
          {free === null ? null : <span>{t('planFree', { bytes: formatBytes(free, language) })}</span>}
        </p>
      )}
      {settings.destination === null ? <Notice level="info">{t('noDestination')}</Notice> : null}
      {plan === null
        ? null
        : planRemarks(plan, settings.existing, needed).map((remark) => (
            <Remark key={remark.kind} remark={remark} plan={plan} />
          ))}
    </section>
  );
}

function Remark({
  remark,
  plan,
}: {
  readonly remark: PlanRemark;
  readonly plan: ExportPlan;
}): React.JSX.Element | null {
  const { t } = useTranslation('export');
  const language = useLanguage();
  if (remark.kind === 'error') return <Failure error={remark.error} />;
  if (remark.kind === 'nothing') return <Notice level="warning">{t('planNothing')}</Notice>;
  if (remark.kind === 'existing') {
    const numbers = { existing: plan.existing, photos: plan.photos };
    const texts = {
      skip: () => t('existSkip', numbers),
      overwrite: () => t('existOverwrite', numbers),
      rename: () => t('existRename', numbers),
    };
    return <Notice level={remark.level}>{texts[remark.policy]()}</Notice>;
  }
  const sizes = { needed: formatBytes(remark.needed, language), free: formatBytes(remark.free, language) };
  return (
    <Notice level={remark.level}>{remark.level === 'error' ? t('spaceLow', sizes) : t('spaceTight', sizes)}</Notice>
  );
}

function Failure({ error }: { readonly error: unknown }): React.JSX.Element {
  const { text, detail } = describeError(error);
  return (
    <Notice level="error" detail={detail}>
      {text}
    </Notice>
  );
}
