interface FactListProps {
  /** What they are of, for screen readers. */
  readonly label: string;
  /** What each is called, and what it is. */
  readonly rows: readonly (readonly [title: string, text: string])[];
}

/** A list of facts, each with its name. */
export function FactList({ label, rows }: FactListProps): React.JSX.Element {
  return (
    <dl className="models-facts" aria-label={label}>
      {rows.map(([title, text]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
