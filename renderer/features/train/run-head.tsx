import { GraduationCap, Pause, Play, RotateCcw, ScanSearch, Square, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrainingRun } from '../../../preload/contract.js';
import { Button } from '../../elements/button.js';
import { Dialog } from '../../elements/dialog.js';
import { Notice } from '../../elements/notice.js';
import { ProgressBar } from '../../elements/progress.js';
import { describeError } from '../../i18n/error-text.js';
import { formatRemaining, formatShare } from '../../i18n/format.js';
import { useLanguage } from '../../i18n/use-language.js';
import { useOwnModels } from '../../state/own-models.js';
import {
  discardTraining,
  isAtWork,
  isOfVae,
  pauseTraining,
  resumeTraining,
  stopTraining,
} from '../../state/training.js';
import { parentReference } from './model-actions.js';
import { VaeEndActions } from './pictures/vae-end-actions.js';
import { compareModels, showVersion } from './train-page.js';
import { modelText } from './words.js';

/** What the run is, where it stands, and what can be done with it. */
export function RunHead({ run }: { readonly run: TrainingRun }): React.JSX.Element {
  const parts = useRunParts(run);
  return (
    <header className="train-head">
      <div className="train-head-row">
        <div className="train-head-name">
          <h2>{run.name}</h2>
          <p className="train-muted">{parts}</p>
        </div>
        <div className="train-buttons">
          <Actions run={run} />
        </div>
      </div>
      <Progress run={run} />
      {run.error === null ? null : (
        <Failure error={run.error} failures={isOfVae(run.method) ? VAE_FAILURES : FAILURES} />
      )}
    </header>
  );
}

/** What it is made of, in a few words. */
function useRunParts({ method, photos, minutes, parent }: TrainingRun): string {
  const { t } = useTranslation(['train', 'pictures']);
  const parts = { photos: t('summaryPhotos', { count: photos }), minutes: t('minutes', { count: minutes }) };
  if (!isOfVae(method)) return t('runParts', { ...parts, parent: modelText(parent ?? '') });
  const kind = method === 'vae' ? t('pictures:kindVae') : t('pictures:kindGan');
  if (parent === null) return t('pictures:runNew', { ...parts, kind });
  return t('pictures:runFrom', { ...parts, kind, parent });
}

interface FailureProps {
  readonly error: NonNullable<TrainingRun['error']>;
  readonly failures: Readonly<Record<string, FailureKey>>;
}

function Failure({ error, failures }: FailureProps) {
  const { t } = useTranslation(['train', 'pictures']);
  const { text, detail } = describeError(error);
  const key = failures[error.code];
  return (
    <Notice level="error" detail={key === undefined ? detail : error.message}>
      {key === undefined ? text : t(key)}
    </Notice>
  );
}

/** What a code means for learning, where it speaks of a photo or a result elsewhere. */
type FailureKey =
  | 'failTooLittle'
  | 'failNoPhotos'
  | 'failDisk'
  | 'failEngine'
  | 'failMemory'
  | 'failLocked'
  | 'pictures:failFewPhotos'
  | 'pictures:failOtherPhotos'
  | 'pictures:failMemory'
  | 'pictures:failDiverged';
const FAILURES: Readonly<Record<string, FailureKey>> = {
  'input/unsupported': 'failTooLittle',
  'input/not-found': 'failNoPhotos',
  'output/disk-full': 'failDisk',
  'engine/crashed': 'failEngine',
  'engine/out-of-memory': 'failMemory',
  'output/locked': 'failLocked',
};

const VAE_FAILURES: typeof FAILURES = {
  ...FAILURES,
  'input/not-found': 'pictures:failFewPhotos',
  'usage/invalid': 'pictures:failOtherPhotos',
  'engine/out-of-memory': 'pictures:failMemory',
  'training/diverged': 'pictures:failDiverged',
};

/** Where it stands, in a few words. */
export function useRunState(run: TrainingRun): string {
  const { t } = useTranslation(['train', 'pictures']);
  if (run.result !== null && isOfVae(run.method)) return t('pictures:stateDone', { name: run.name });
  if (run.result !== null) return run.result.promoted ? t('statePromoted', { name: run.name }) : t('stateRefused');
  if (run.state === 'paused') return t('statePaused');
  if (run.state === 'stopped') return run.error === null ? t('stateStopped') : t('stateFailed');
  if (run.waits) return t('stateWaits');
  const phases = {
    starting: t('stateStarting'),
    reading: t('stateReading'),
    measuring: t('stateMeasuring'),
    training: run.rounds > 1 ? t('stateRound', { round: run.round, rounds: run.rounds }) : t('stateTraining'),
    judging: t('stateJudging'),
  };
  return phases[run.phase];
}

function Progress({ run }: { readonly run: TrainingRun }) {
  const { t } = useTranslation('train');
  const language = useLanguage();
  const state = useRunState(run);
  const facts = [
    run.state === 'ended' ? null : formatShare(run.fraction, language),
    run.step === 0 ? null : t('step', { step: run.step }),
    run.msPerStep === null || !isAtWork(run) ? null : t('msPerStep', { ms: Math.round(run.msPerStep) }),
    run.etaMs === null || run.state !== 'running'
      ? null
      : t('remaining', { time: formatRemaining(run.etaMs, language) }),
  ].filter((fact) => fact !== null);
  const isUnknown = run.state === 'running' && run.phase !== 'training';
  return (
    <div className="train-progress">
      <p className="train-state">
        <strong role="status">{state}</strong>
        <span className="train-muted">{facts.join(' · ')}</span>
      </p>
      {run.state === 'ended' ? null : (
        <ProgressBar
          label={t('progress')}
          fraction={isUnknown ? null : run.fraction}
          tone={run.state === 'running' ? 'accent' : 'muted'}
        />
      )}
    </div>
  );
}

function Actions({ run }: { readonly run: TrainingRun }) {
  const { t } = useTranslation('train');
  if (run.result !== null && isOfVae(run.method)) return <VaeEndActions version={run.result.version} />;
  if (run.result !== null) return <EndActions run={run} version={run.result.version} />;
  if (isAtWork(run)) {
    return (
      <>
        {run.state === 'paused' ? (
          <Button variant="primary" icon={<Play aria-hidden />} onPress={() => void resumeTraining()}>
            {t('resume')}
          </Button>
        ) : (
          <Button icon={<Pause aria-hidden />} onPress={() => void pauseTraining()}>
            {t('pause')}
          </Button>
        )}
        <Button icon={<Square aria-hidden />} onPress={() => void stopTraining()}>
          {t('stop')}
        </Button>
      </>
    );
  }
  return (
    <>
      {run.hopeless ? null : (
        <Button variant="primary" icon={<Play aria-hidden />} onPress={() => void resumeTraining()}>
          {t('resume')}
        </Button>
      )}
      <DiscardButton asks={run.step > 0} />
    </>
  );
}

function EndActions({ run, version }: { readonly run: TrainingRun; readonly version: string }) {
  const { t } = useTranslation('train');
  const card = useOwnModels(({ models }) => models?.versions.find(({ id }) => id === version)?.card);
  return (
    <>
      <Button
        icon={<ScanSearch aria-hidden />}
        onPress={() => {
          compareModels(card === undefined ? (run.parent ?? '') : parentReference(card), version);
        }}
      >
        {t('compareModel')}
      </Button>
      <Button
        icon={<GraduationCap aria-hidden />}
        onPress={() => {
          showVersion(version);
        }}
      >
        {t('seeModel')}
      </Button>
      <Button variant="primary" icon={<RotateCcw aria-hidden />} onPress={() => void discardTraining()}>
        {t('again')}
      </Button>
    </>
  );
}

/** Asks first where there is something to lose. */
function DiscardButton({ asks }: { readonly asks: boolean }) {
  const { t } = useTranslation(['train', 'common']);
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button
        variant="danger"
        icon={<Trash2 aria-hidden />}
        onPress={() => {
          if (asks) setAsking(true);
          else void discardTraining();
        }}
      >
        {t('discard')}
      </Button>
      <Dialog
        title={t('discardTitle')}
        size="small"
        role="alertdialog"
        isOpen={asking}
        onClose={() => {
          setAsking(false);
        }}
        footer={
          <>
            <Button
              onPress={() => {
                setAsking(false);
              }}
            >
              {t('common:cancel')}
            </Button>
            <Button
              variant="danger"
              onPress={() => {
                setAsking(false);
                void discardTraining();
              }}
            >
              {t('discard')}
            </Button>
          </>
        }
      >
        <p>{t('discardText')}</p>
      </Dialog>
    </>
  );
}
