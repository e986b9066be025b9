import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DenoiseSettings } from '../../../preload/contract.js';
import { Button } from '../../elements/button.js';
import { Dialog } from '../../elements/dialog.js';
import { TextField } from '../../elements/field.js';
import { setPreferences, useSession } from '../../state/session.js';
import { presetNamed, withPreset } from './presets.js';

const MAX_NAME = 80;

interface SavePresetProps {
  readonly settings: DenoiseSettings;
  readonly onClose: () => void;
}

/** Asks for a name to keep settings under. */
export function SavePreset({ settings, onClose }: SavePresetProps): React.JSX.Element {
  const { t } = useTranslation('adjust');
  const presets = useSession((state) => state.preferences.presets);
  const [name, setName] = useState('');
  const replaces = presetNamed(presets, name) !== undefined;
  const save = (): void => {
    if (name.trim() === '') return;
    void setPreferences({ presets: withPreset(presets, name, settings, () => crypto.randomUUID()) });
    onClose();
  };
  return (
    <Dialog
      title={t('presetSaveTitle')}
      size="small"
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button variant="primary" isDisabled={name.trim() === ''} onPress={save}>
            {replaces ? t('presetReplaceButton') : t('presetSaveButton')}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextField
          label={t('presetName')}
          value={name}
          maxLength={MAX_NAME}
          autoFocus
          description={replaces ? t('presetReplaces') : undefined}
          onChange={setName}
        />
      </form>
    </Dialog>
  );
}
