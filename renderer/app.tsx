import { AdjustPanel } from './features/adjust/adjust-panel.js';
import { CompareView } from './features/compare/compare-view.js';
import { ExportDialog } from './features/export/export-dialog.js';
import { LibraryView } from './features/library/library-view.js';
import { QueuePanel } from './features/queue/queue-panel.js';
import { SettingsDialog } from './features/settings/settings-dialog.js';
import { useView } from './state/view.js';

/** The window: a toolbar, one view, its side panel, and what lies over them. */
export function App(): React.JSX.Element {
  const view = useView((state) => state.view);
  return (
    <div className="app">
      <main>{view === 'library' ? <LibraryView /> : <CompareView />}</main>
      <AdjustPanel />
      <QueuePanel />
      <ExportDialog />
      <SettingsDialog />
    </div>
  );
}
