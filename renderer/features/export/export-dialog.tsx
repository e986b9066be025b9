/** Where results go and how they are written. */
export function ExportDialog(): React.JSX.Element {
  return <section />;
}
