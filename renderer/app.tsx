import { lazy, startTransition, Suspense, useEffect, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { DropTarget } from './features/add/drop-target.js';
import { AdjustPanel } from './features/adjust/adjust-panel.js';
import { CompareView } from './features/compare/compare-view.js';
import './features/generate/commands.js';
import { ExportDialog } from './features/export/export-dialog.js';
import { AddPlaces } from './features/places/add-places.js';
import { ProblemsDialog } from './features/problems/problems-dialog.js';
import { Lesson } from './features/welcome/lesson.js';
import { LibraryView } from './features/library/library-view.js';
import { LeftOverBanner } from './features/queue/left-over-banner.js';
import { QueuePanel } from './features/queue/queue-panel.js';
import { SettingsDialog } from './features/settings/settings-dialog.js';
import { EngineBanner } from './features/shell/engine-banner.js';
import { Notices } from './features/shell/notices.js';
import { Part } from './features/shell/part.js';
import { ShortcutsDialog } from './features/shell/shortcuts-dialog.js';
import { StatusBar } from './features/shell/status-bar.js';
import { Toolbar } from './features/shell/toolbar.js';
import { useLanguage, useWindow } from './features/shell/use-window.js';
import { useLibrary } from './state/library.js';
import { adjusts, useView, type View } from './state/view.js';
import './app.css';

// What few open is fetched when it is opened, so that the window is there sooner.
const TrainView = lazy(() => import('./features/train/train-view.js'));
const GenerateView = lazy(() => import('./features/generate/generate-view.js'));

const VIEWS: Readonly<Record<View, React.JSX.Element>> = {
  library: <LibraryView />,
  compare: <CompareView />,
  train: (
    <Suspense>
      <TrainView />
    </Suspense>
  ),
  generate: (
    <Suspense>
      <GenerateView />
    </Suspense>
  ),
};

/** The window: a toolbar, one view, its side panel, the queue below it, and what lies over them. */
export function App(): React.JSX.Element {
  useWindow();
  const language = useLanguage();
  return (
    <I18nProvider locale={language}>
      <div className="app">
        <Toolbar />
        <EngineBanner />
        <LeftOverBanner />
        <Body />
        <StatusBar />
      </div>
      <Part>
        <SettingsDialog />
        <ExportDialog />
        <ShortcutsDialog />
        <ProblemsDialog />
        <AddPlaces />
      </Part>
      <Notices />
      <DropTarget />
    </I18nProvider>
  );
}

/** True for the first picture of the window, which is not kept waiting for what cannot be seen in it. */
function useFirstPicture(): boolean {
  const [first, setFirst] = useState(true);
  useEffect(() => {
    const waiting = requestIdleCallback(() => {
      startTransition(() => {
        setFirst(false);
      });
    });
    return () => {
      cancelIdleCallback(waiting);
    };
  }, []);
  return first;
}

function Body() {
  const first = useFirstPicture();
  const { t } = useTranslation();
  const view = useView((state) => state.view);
  const panelOpen = useView((state) => state.panelOpen);
  const empty = useLibrary((state) => state.photos.size === 0);
  const queueOpen = useView((state) => state.queueOpen);
  return (
    <div className="app-body">
      <div className="app-center">
        <main className="app-main">
          <Part key={view}>{VIEWS[view]}</Part>
          <Lesson />
        </main>
        {queueOpen ? (
          <section className="app-queue" aria-label={t('queueIdle')}>
            <Part>
              <QueuePanel />
            </Part>
          </section>
        ) : null}
      </div>
      {/* Hidden, not gone: its commands are there with the panel closed. */}
      <aside className="app-panel" aria-label={t('adjustments')} hidden={!panelOpen || empty || !adjusts(view)}>
        <Part>{first && empty ? null : <AdjustPanel />}</Part>
      </aside>
    </div>
  );
}
