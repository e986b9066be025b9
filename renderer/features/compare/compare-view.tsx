/** One photo, before and after. */
export function CompareView(): React.JSX.Element {
  return <section />;
}
