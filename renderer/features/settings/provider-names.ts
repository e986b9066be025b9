import { useTranslation } from 'react-i18next';
import type { RuntimeSettings } from '../../../preload/contract.js';

/** What accelerators are called, for people. */
export function useProviderNames(): Readonly<Record<RuntimeSettings['provider'], string>> {
  const { t } = useTranslation('settings');
  return {
    auto: t('providerAuto'),
    cpu: t('providerCpu'),
    webgpu: t('providerWebgpu'),
    cuda: t('providerCuda'),
    dml: t('providerDml'),
    coreml: t('providerCoreml'),
  };
}
