import { useTranslation } from 'react-i18next';
import { Button } from '../../elements/button.js';
import { Notice } from '../../elements/notice.js';
import { ProgressBar } from '../../elements/progress.js';
import { describeError } from '../../i18n/error-text.js';
import type { JobState } from './job.js';

interface JobBarProps {
  readonly job: JobState;
  /** What is under way. */
  readonly label: string;
  readonly onStop: () => void;
  readonly onRetry: () => void;
}

/** How far a request is, with a way to stop it; or what went wrong, with a way to try again. */
export function JobBar({ job, label, onStop, onRetry }: JobBarProps): React.JSX.Element | null {
  const { t } = useTranslation('generate');
  if (job.error !== null) {
    const { text, detail } = describeError(job.error);
    return (
      <div className="generate-job generate-job-error">
        <Notice
          level="error"
          detail={detail}
          action={
            <Button size="small" onPress={onRetry}>
              {t('retry')}
            </Button>
          }
        >
          {text}
        </Notice>
      </div>
    );
  }
  if (!job.busy) return null;
  return (
    <div className="generate-job" role="status">
      <span className="generate-job-label">{label}</span>
      <ProgressBar label={label} fraction={job.fraction} />
      <Button size="small" onPress={onStop}>
        {t('stop')}
      </Button>
    </div>
  );
}
