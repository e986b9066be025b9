/** The sliders of the selected photos, and the button that starts them. */
export function AdjustPanel(): React.JSX.Element {
  return <section />;
}
