import { ChevronsLeftRight } from 'lucide-react';
import { useRef, useState } from 'react';
import { clampSplit, splitAfterKey } from './split-position.js';
import './split-divider.css';

export interface SplitDividerProps {
  /** Share of the parent's width to the left of the divider. */
  readonly position: number;
  readonly onChange: (position: number) => void;
  /** Name for screen readers. */
  readonly label: string;
  /** What screen readers say of a position. */
  readonly valueText: string;
}

/** The line between two halves of its positioned parent: dragged, or moved by arrow keys as a slider. */
export function SplitDivider({ position, onChange, label, valueText }: SplitDividerProps): React.JSX.Element {
  const [dragging, setDragging] = useState(false);
  // Where in the divider it was taken, so that it does not jump under the pointer.
  const grip = useRef(0);

  const shareAt = (element: HTMLElement, clientX: number): number => {
    const box = element.parentElement!.getBoundingClientRect();
    return (clientX - box.left) / box.width;
  };

  return (
    <div
      className="split-divider"
      style={{ left: `${position * 100}%` }}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(position * 100)}
      aria-valuetext={valueText}
      data-dragging={dragging || undefined}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        grip.current = shareAt(event.currentTarget, event.clientX) - position;
        setDragging(true);
      }}
      onPointerMove={(event) => {
        if (dragging) onChange(clampSplit(shareAt(event.currentTarget, event.clientX) - grip.current));
      }}
      onPointerUp={() => {
        setDragging(false);
      }}
      onPointerCancel={() => {
        setDragging(false);
      }}
      onDoubleClick={() => {
        onChange(0.5);
      }}
      onKeyDown={(event) => {
        const next = splitAfterKey(position, event.key, event.shiftKey);
        if (next === null) return;
        event.preventDefault();
        event.stopPropagation();
        onChange(next);
      }}
    >
      <span className="split-divider-grip" aria-hidden>
        <ChevronsLeftRight size={18} />
      </span>
    </div>
  );
}
