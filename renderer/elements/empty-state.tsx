import './empty-state.css';

export interface EmptyStateProps {
  readonly icon?: React.ReactNode;
  readonly title: string;
  readonly children?: React.ReactNode;
  /** Buttons: what to do about the emptiness. */
  readonly actions?: React.ReactNode;
}

/** What a view says when there is nothing in it. */
export function EmptyState({ icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className="empty-state">
      {icon === undefined ? null : <div className="empty-state-icon">{icon}</div>}
      <h2 className="empty-state-title">{title}</h2>
      {children === undefined ? null : <div className="empty-state-text">{children}</div>}
      {actions === undefined ? null : <div className="empty-state-actions">{actions}</div>}
    </div>
  );
}
