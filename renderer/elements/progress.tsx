import { ProgressBar as AriaProgressBar } from 'react-aria-components';
import './progress.css';

export interface ProgressProps {
  /** What is under way, for screen readers. */
  readonly label: string;
  /** Share done, in [0,1]; null: it cannot be told. */
  readonly fraction: number | null;
}

/** A bar that fills. */
export function ProgressBar({ label, fraction, tone }: ProgressProps & { readonly tone?: 'accent' | 'muted' }) {
  return (
    <AriaProgressBar
      aria-label={label}
      className={`progress progress-${tone ?? 'accent'}`}
      value={100 * (fraction ?? 0)}
      isIndeterminate={fraction === null}
    >
      {({ percentage }) => <span className="progress-fill" style={{ width: `${percentage ?? 30}%` }} />}
    </AriaProgressBar>
  );
}

const RING_RADIUS = 7;
const RING_LENGTH = 2 * Math.PI * RING_RADIUS;

/** A ring that closes; with no fraction it turns. */
export function ProgressRing({ label, fraction, size = 16 }: ProgressProps & { readonly size?: number }) {
  const shown = fraction ?? 0.25;
  return (
    <AriaProgressBar
      aria-label={label}
      className={`ring ${fraction === null ? 'ring-turning' : ''}`}
      value={100 * (fraction ?? 0)}
      isIndeterminate={fraction === null}
    >
      <svg width={size} height={size} viewBox="0 0 18 18" aria-hidden>
        <circle className="ring-rail" cx="9" cy="9" r={RING_RADIUS} />
        <circle
          className="ring-fill"
          cx="9"
          cy="9"
          r={RING_RADIUS}
          strokeDasharray={`${shown * RING_LENGTH} ${RING_LENGTH}`}
        />
      </svg>
    </AriaProgressBar>
  );
}

/** Something is under way, and it cannot be told how far. */
export function Spinner({ label, size = 16 }: { readonly label: string; readonly size?: number }) {
  return <ProgressRing label={label} fraction={null} size={size} />;
}
