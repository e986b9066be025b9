import { CircleCheck, CircleMinus, CircleX, Copy, RefreshCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineInfo } from '../../../preload/contract.js';
import { Button } from '../../elements/button.js';
import { Notice } from '../../elements/notice.js';
import { Spinner } from '../../elements/progress.js';
import { host } from '../../host.js';
import { describeError, TECHNICAL_LANGUAGE } from '../../i18n/error-text.js';
import { formatBytes, formatCount } from '../../i18n/format.js';
import { useLanguage } from '../../i18n/use-language.js';
import { useSession } from '../../state/session.js';
import { diagnosisText } from './diagnosis-text.js';
import { useProviderNames } from './provider-names.js';

/** The versions that people are asked for; the others are in the copied text. */
const SHOWN_VERSIONS = ['stillgrain', 'node', 'electron', 'onnxruntime', 'onnxruntime-node', 'sharp', 'libvips'];

type Answer = { readonly attempt: number } & ({ readonly info: EngineInfo } | { readonly error: unknown });

/** What the engine says of itself and of this machine. */
export function DiagnosisPage(): React.JSX.Element {
  const { t } = useTranslation('settings');
  const [attempt, setAttempt] = useState(1);
  const [latest, setLatest] = useState<Answer | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    host()
      .call('app.diagnose', {}, abort.signal)
      .then(
        (info) => {
          if (!abort.signal.aborted) setLatest({ attempt, info });
        },
        (error: unknown) => {
          if (!abort.signal.aborted) setLatest({ attempt, error });
        },
      );
    return () => {
      abort.abort();
    };
  }, [attempt]);
  const answer = latest?.attempt === attempt ? latest : null;
  return (
    <div className="settings-page">
      {answer === null ? (
        <p className="settings-asking" role="status">
          <Spinner label={t('diagnosing')} />
          {t('diagnosing')}
        </p>
      ) : null}
      {answer !== null && 'error' in answer ? <Failed error={answer.error} /> : null}
      {answer !== null && 'info' in answer ? <Report info={answer.info} /> : null}
      <div className="settings-buttons">
        <Button
          icon={<RefreshCw aria-hidden />}
          isDisabled={answer === null}
          onPress={() => {
            setAttempt((count) => count + 1);
          }}
        >
          {t('diagnoseAgain')}
        </Button>
        {answer !== null && 'info' in answer ? <CopyButton info={answer.info} /> : null}
      </div>
    </div>
  );
}

function Failed({ error }: { readonly error: unknown }) {
  const { text, detail } = describeError(error);
  return (
    <Notice level="error" detail={detail}>
      {text}
    </Notice>
  );
}

function Report({ info }: { readonly info: EngineInfo }) {
  const { t } = useTranslation('settings');
  const language = useLanguage();
  const names = useProviderNames();
  const { memory } = info;
  const size = (value: number): string => formatBytes(value, language);
  return (
    <>
      <h3>{t('accelerators')}</h3>
      <ul className="settings-providers">
        {info.providers.map(({ name, present, works, detail }) => (
          <li key={name} data-works={works || undefined}>
            {works ? <CircleCheck aria-hidden /> : present ? <CircleX aria-hidden /> : <CircleMinus aria-hidden />}
            <span>{names[name]}</span>
            <span className="settings-help" {...(present && !works && { title: detail, lang: TECHNICAL_LANGUAGE })}>
              <span lang={language}>{works ? t('works') : present ? t('fails') : t('absent')}</span>
            </span>
          </li>
        ))}
      </ul>
      <dl className="settings-facts">
        <dt>{t('memory')}</dt>
        <dd>
          {t('memoryText', {
            total: size(memory.totalBytes),
            free: size(memory.freeBytes),
            budget: size(memory.budgetBytes),
          })}
        </dd>
        <dt>{t('threadCount')}</dt>
        <dd>{formatCount(info.threads, language)}</dd>
        <dt>{t('formats')}</dt>
        <dd>{info.formats.join(', ')}</dd>
        <dt>{t('versions')}</dt>
        <dd>
          {Object.entries(info.versions)
            .filter(([name]) => SHOWN_VERSIONS.includes(name))
            .map(([name, version]) => `${name} ${version}`)
            .join(', ')}
        </dd>
      </dl>
    </>
  );
}

function CopyButton({ info }: { readonly info: EngineInfo }) {
  const { t } = useTranslation('settings');
  const app = useSession((state) => state.info);
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(diagnosisText(app, info));
      setCopied(true);
    } catch {
      setCopied(false);
    }
  };
  return (
    <Button icon={<Copy aria-hidden />} onPress={() => void copy()}>
      {copied ? t('copied') : t('copy')}
    </Button>
  );
}
