import { GraduationCap, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../elements/button.js';
import { Spinner } from '../../elements/progress.js';
import { host } from '../../host.js';
import { formatShare } from '../../i18n/format.js';
import { useLanguage } from '../../i18n/use-language.js';
import { useLibrary } from '../../state/library.js';
import { useSelection } from '../../state/selection.js';
import { fail, useSession } from '../../state/session.js';
import { useTraining } from '../../state/training.js';
import { openOverlay, showTraining } from '../../state/view.js';
import { stopUpload, useAdding } from '../add/adding.js';
import { useProblems } from '../problems/all-problems.js';
import './status-bar.css';

/** The row below: how much there is, what is under way, what went wrong. */
export function StatusBar() {
  const { t } = useTranslation();
  const photos = useLibrary((state) => state.photos.size);
  const problems = useProblems().length;
  const selected = useSelection((state) => state.selected.size);
  return (
    <footer className="status-bar" aria-label={t('status')}>
      <span>{t('photos', { count: photos })}</span>
      {selected > 1 ? <span>{t('selected', { count: selected })}</span> : null}
      <Progress />
      <span className="status-space" />
      {problems > 0 ? (
        <Button
          variant="ghost"
          size="small"
          icon={<TriangleAlert aria-hidden className="status-warning" />}
          onPress={() => {
            openOverlay('problems');
          }}
        >
          {t('problems', { count: problems })}
        </Button>
      ) : null}
      <TrainingState />
      <EngineState />
    </footer>
  );
}

/** Photos being looked for, or copied to the server. */
function Progress() {
  const { t } = useTranslation();
  const scan = useLibrary((state) => state.scan);
  const upload = useAdding((state) => state.upload);
  if (upload === null && !scan.active) return null;
  const text = upload === null ? t('scanning', { count: scan.found }) : t('uploading', { ...upload });
  const stop = (): void => {
    if (upload === null) void host().call('library.stopScan', {}).catch(fail);
    else stopUpload();
  };
  return (
    <span className="status-progress" role="status">
      <Spinner label={text} size={14} />
      <span>{text}</span>
      <Button variant="ghost" size="small" onPress={stop}>
        {t('stop')}
      </Button>
    </span>
  );
}

/** A run that is not over, wherever the person is; opens its view. */
function TrainingState() {
  const { t } = useTranslation('train');
  const language = useLanguage();
  const run = useTraining((state) => state.run);
  if (run === null || run.state === 'ended') return null;
  const text = {
    running: run.waits ? t('statusWaits') : t('statusTraining', { share: formatShare(run.fraction, language) }),
    paused: t('statusPaused'),
    stopped: t('statusLeft'),
  }[run.state];
  return (
    <Button variant="ghost" size="small" icon={<GraduationCap aria-hidden />} onPress={showTraining}>
      {text}
    </Button>
  );
}

function EngineState() {
  const { t } = useTranslation();
  const state = useSession(({ engine }) => engine.state);
  const texts = {
    starting: t('engineStarting'),
    restarting: t('engineRestarting'),
    ready: t('engineReady'),
    failed: t('engineFailed'),
  };
  return (
    <span className="status-engine" role="status">
      <span className={`status-dot status-dot-${state}`} />
      {texts[state]}
    </span>
  );
}
