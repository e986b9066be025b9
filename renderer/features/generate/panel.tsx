import { useTranslation } from 'react-i18next';

interface PanelProps {
  readonly children: React.ReactNode;
  /** What to do with it all, in view whatever is scrolled. */
  readonly foot?: React.ReactNode;
}

/** The settings beside what was generated. */
export function Panel({ children, foot }: PanelProps): React.JSX.Element {
  const { t } = useTranslation('generate');
  return (
    <aside className="generate-panel" aria-label={t('controls')}>
      <div className="generate-panel-body">{children}</div>
      {foot === undefined ? null : <div className="generate-panel-foot">{foot}</div>}
    </aside>
  );
}

/** Some settings under a heading. */
export function PanelPart({
  title,
  children,
}: {
  readonly title: string;
  readonly children: React.ReactNode;
}): React.JSX.Element {
  return (
    <section className="generate-part">
      <h2 className="generate-part-title">{title}</h2>
      {children}
    </section>
  );
}
