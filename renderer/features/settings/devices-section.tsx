import { CircleCheck, CircleHelp, CircleX, Cpu, RefreshCw, Square } from 'lucide-react';
import { useEffect, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Accelerator, Provider } from '../../../preload/contract.js';
import { PROVIDERS } from '../../../preload/vocabulary.js';
import { Button } from '../../elements/button.js';
import { Spinner } from '../../elements/progress.js';
import { TECHNICAL_LANGUAGE } from '../../i18n/error-text.js';
import { useLanguage } from '../../i18n/use-language.js';
import {
  followAccelerators,
  stopTestingAccelerators,
  testAccelerators,
  useAccelerators,
} from '../../state/accelerators.js';
import { useQueue } from '../../state/queue.js';
import { useModelOptions } from '../adjust/model-control.js';
import { useProviderNames } from './provider-names.js';
import { verdictLines, type VerdictLine } from './verdict-lines.js';

/** What this machine can denoise on, and how that is known. */
export function DevicesSection(): React.JSX.Element {
  const { t } = useTranslation('settings');
  const title = useId();
  const { accelerators, toldAt, test } = useAccelerators();
  const isBusy = useQueue(({ status }) => status.state === 'running');
  const names = useProviderNames();
  useEffect(() => followAccelerators(), []);
  const entriesOf = (provider: Provider): Accelerator[] =>
    (accelerators ?? []).filter((entry) => entry.provider === provider);
  const installed = PROVIDERS.filter((provider) => provider !== 'cpu' && entriesOf(provider).length > 0);
  return (
    <section className="settings-devices" aria-labelledby={title}>
      <h3 id={title}>{t('devices')}</h3>
      <ul>
        <li className="settings-device" data-works>
          <Cpu aria-hidden />
          <div>
            <span>{names.cpu}</span>
            <p className="settings-help">{t('cpuVerdict')}</p>
            <Lines lines={verdictLines(entriesOf('cpu'), toldAt)} />
          </div>
        </li>
        {installed.map((provider) => (
          <Device key={provider} provider={provider} lines={verdictLines(entriesOf(provider), toldAt)} />
        ))}
      </ul>
      {accelerators !== null && installed.length === 0 ? <p className="settings-help">{t('noDevices')}</p> : null}
      {accelerators === null || accelerators.length === 0 ? null : (
        <div className="settings-test">
          {test === null ? (
            <Button
              icon={<RefreshCw aria-hidden />}
              isDisabled={isBusy}
              onPress={() => {
                void testAccelerators();
              }}
            >
              {t('testAgain')}
            </Button>
          ) : (
            <Button icon={<Square aria-hidden />} onPress={stopTestingAccelerators}>
              {t('testStop')}
            </Button>
          )}
          <p className="settings-help">{isBusy ? t('testBusy') : t('testHelp')}</p>
        </div>
      )}
    </section>
  );
}

function Device({ provider, lines }: { readonly provider: Provider; readonly lines: readonly VerdictLine[] }) {
  const names = useProviderNames();
  const works = lines.some(({ speed }) => speed !== null);
  return (
    <li className="settings-device" data-works={works || undefined}>
      <DeviceIcon lines={lines} label={names[provider]} />
      <div>
        <span>{names[provider]}</span>
        <Lines lines={lines} />
      </div>
    </li>
  );
}

const Lines = ({ lines }: { readonly lines: readonly VerdictLine[] }) => (
  <ul aria-live="polite">
    {lines.map((line) => (
      <Line key={line.models?.join() ?? ''} line={line} />
    ))}
  </ul>
);

function DeviceIcon({ lines, label }: { readonly lines: readonly VerdictLine[]; readonly label: string }) {
  const kinds = new Set(lines.map(({ kind }) => kind));
  if (kinds.has('testing')) return <Spinner label={label} />;
  if (lines.some(({ speed }) => speed !== null)) return <CircleCheck aria-hidden />;
  return kinds.has('untested') ? <CircleHelp aria-hidden /> : <CircleX aria-hidden />;
}

/** How many times as fast, with no more digits than it was measured to. */
function useSpeed(): (speed: number) => string {
  const language = useLanguage();
  const format = new Intl.NumberFormat(language, { maximumSignificantDigits: 2 });
  return (speed) => format.format(speed);
}

function Line({ line: { inEightBits, models, kind, speed, reason } }: { readonly line: VerdictLine }) {
  const { t } = useTranslation('settings');
  const language = useLanguage();
  const titles = new Map(useModelOptions().map(({ value, label }) => [value, label]));
  const speedText = useSpeed();
  const model = models?.map((name) => titles.get(name) ?? name).join(', ') ?? '';
  const measured = { model, speed: speedText(speed ?? 0) };
  const texts: Record<VerdictLine['kind'], () => string> = {
    used: () => t(inEightBits ? 'int8Used' : 'verdictUsed', measured),
    unused: () => t(inEightBits ? 'int8Unused' : 'verdictUnused', measured),
    slow: () => t(inEightBits ? 'int8Slow' : 'verdictSlow', { model }),
    resting: () => t('verdictResting'),
    untested: () => t('verdictUntested'),
    testing: () => t('verdictTesting'),
    wrong: () => t('verdictWrong'),
    failed: () => t('verdictFailed'),
    'timed-out': () => t('verdictTimedOut'),
    crashed: () => t('verdictCrashed'),
  };
  const isWhole = models === null || speed !== null;
  const text = isWhole ? texts[kind]() : t('verdictOf', { model, verdict: texts[kind]() });
  const verdict = inEightBits && speed === null ? t('int8Of', { verdict: text }) : text;
  return (
    <li className="settings-help">
      <span lang={language}>{verdict}</span>
      {reason === null ? null : (
        <span className="settings-reason" lang={TECHNICAL_LANGUAGE}>
          {' '}
          {reason}
        </span>
      )}
    </li>
  );
}
