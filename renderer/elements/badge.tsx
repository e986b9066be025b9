import './badge.css';

export type Tone = 'neutral' | 'accent' | 'good' | 'warning' | 'danger';

export interface BadgeProps {
  readonly tone?: Tone;
  readonly icon?: React.ReactNode;
  readonly children: React.ReactNode;
}

/** A word or number in a small box. */
export function Badge({ tone = 'neutral', icon, children }: BadgeProps) {
  return (
    <span className={`badge badge-${tone}`}>
      {icon}
      {children}
    </span>
  );
}
