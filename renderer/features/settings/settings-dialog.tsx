/** Language, appearance, and what this machine is. */
export function SettingsDialog(): React.JSX.Element {
  return <section />;
}
