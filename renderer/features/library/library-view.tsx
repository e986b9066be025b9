/** The photos as a grid. */
export function LibraryView(): React.JSX.Element {
  return <section />;
}
