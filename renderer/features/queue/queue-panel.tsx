/** What is being denoised, and how far it is. */
export function QueuePanel(): React.JSX.Element {
  return <section />;
}
