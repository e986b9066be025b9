// First, so that every part can differ from it.
import './styles/base.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { connect } from './host.js';
import { reportFault } from './features/shell/part.js';
import { settleRemovals } from './features/library/removing.js';
import { applyTheme } from './features/shell/use-window.js';
import { chooseLanguage, startTexts } from './i18n/index.js';
import { startLibrary } from './state/library.js';
import { startOwnModels } from './state/own-models.js';
import { startOwnVaes } from './state/own-vaes.js';
import { startQueue } from './state/queue.js';
import { fail, startEngine, startSession } from './state/session.js';
import { startTraining } from './state/training.js';
import { startShown } from './state/shown.js';

/** The engines take all cores for a second when they start; the window is there and has answered before. */
const ENGINE_AFTER_MS = 700;

/** Starts the window: what the host is, then the first picture, then the photos. */
async function start(): Promise<void> {
  if (window.stillgrain === undefined) throw new Error('the page was opened without its host');
  connect(window.stillgrain);
  window.addEventListener('error', ({ error }) => {
    reportFault(error);
  });
  window.addEventListener('unhandledrejection', ({ reason }) => {
    reportFault(reason);
  });
  window.addEventListener('pagehide', settleRemovals);
  const info = await startSession();
  applyTheme(info.preferences.theme);
  await startTexts(chooseLanguage(info.preferences.language, info.locale));
  startShown();
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no root');
  createRoot(root).render(<App />);
  await Promise.all([startLibrary(), startQueue(), startTraining(), startOwnModels(), startOwnVaes()]).catch(fail);
  setTimeout(() => void startEngine(), ENGINE_AFTER_MS);
}

await start();
