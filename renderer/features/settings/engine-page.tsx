import { RotateCcw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Provider, RuntimeSettings } from '../../../preload/contract.js';
import { DEFAULT_RUNTIME, PROVIDERS } from '../../../preload/vocabulary.js';
import { Button } from '../../elements/button.js';
import { Switch } from '../../elements/checkbox.js';
import { NumberField } from '../../elements/field.js';
import { Select } from '../../elements/select.js';
import { setPreferences, useSession } from '../../state/session.js';
import { useAccelerators } from '../../state/accelerators.js';
import { DevicesSection } from './devices-section.js';
import { useProviderNames } from './provider-names.js';

const MAX_THREADS = 64;
const TILE = { min: 64, max: 4096, step: 32 } as const;

/** How the engine uses the machine. */
export function EnginePage(): React.JSX.Element {
  const { t } = useTranslation('settings');
  const runtime = useSession((state) => state.preferences.runtime);
  const names = useProviderNames();
  const accelerators = useAccelerators((state) => state.accelerators);
  // What is not installed cannot be chosen, unless it is chosen already.
  const installed = (provider: Provider): boolean =>
    accelerators === null || provider === 'cpu' || accelerators.some((entry) => entry.provider === provider);
  const offered = PROVIDERS.filter((provider) => installed(provider) || provider === runtime.provider);
  const change = (patch: Partial<RuntimeSettings>): void => {
    void setPreferences({ runtime: { ...runtime, ...patch } });
  };
  const { provider, threads, tile, precision } = runtime;
  const automatic = provider === 'auto' && threads === null && tile === null && precision === 'float';
  return (
    <div className="settings-page">
      <Select
        label={t('provider')}
        value={provider}
        description={t('providerHelp')}
        options={(['auto', ...offered] as const).map((value) => ({ value, label: names[value] }))}
        onChange={(chosen) => {
          change({ provider: chosen });
        }}
      />
      <DevicesSection />
      <div>
        <Switch
          value={precision !== 'float'}
          onChange={(isOn) => {
            change({ precision: isOn ? 'auto' : 'float' });
          }}
        >
          {t('int8')}
        </Switch>
        <p className="settings-help">{t('int8Help')}</p>
      </div>
      <NumberField
        label={t('threads')}
        value={threads}
        min={1}
        max={MAX_THREADS}
        step={1}
        placeholder={t('threadsAuto')}
        description={t('threadsHelp')}
        onChange={(chosen) => {
          change({ threads: chosen });
        }}
      />
      <NumberField
        label={t('tile')}
        value={tile}
        min={TILE.min}
        max={TILE.max}
        step={TILE.step}
        format={{ useGrouping: false }}
        placeholder={t('tileAuto')}
        description={t('tileHelp')}
        onChange={(chosen) => {
          change({ tile: chosen });
        }}
      />
      <div>
        <Button
          icon={<RotateCcw aria-hidden />}
          isDisabled={automatic}
          onPress={() => void setPreferences({ runtime: DEFAULT_RUNTIME })}
        >
          {t('runtimeReset')}
        </Button>
      </div>
    </div>
  );
}
