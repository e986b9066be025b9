import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Preset } from '../../../preload/contract.js';
import { Button, IconButton } from '../../elements/button.js';
import { Dialog } from '../../elements/dialog.js';
import { TextField } from '../../elements/field.js';
import { setPreferences, useSession } from '../../state/session.js';
import { renamed } from './presets.js';

const MAX_NAME = 80;

/** The person's presets, to be renamed and deleted. */
export function ManagePresets({ onClose }: { readonly onClose: () => void }): React.JSX.Element {
  const { t } = useTranslation('adjust');
  const presets = useSession((state) => state.preferences.presets);
  return (
    <Dialog
      title={t('presetManageTitle')}
      size="small"
      isOpen
      onClose={onClose}
      footer={
        <Button variant="primary" onPress={onClose}>
          {t('presetDone')}
        </Button>
      }
    >
      {presets.length === 0 ? (
        <p className="adjust-help">{t('presetEmpty')}</p>
      ) : (
        <ul className="adjust-presets">
          {presets.map((preset) => (
            <PresetRow key={preset.id} preset={preset} />
          ))}
        </ul>
      )}
    </Dialog>
  );
}

function PresetRow({ preset }: { readonly preset: Preset }): React.JSX.Element {
  const { t } = useTranslation('adjust');
  const [name, setName] = useState(preset.name);
  const rename = (): void => {
    if (name.trim() === '') {
      setName(preset.name);
    } else if (name.trim() !== preset.name) {
      const { presets } = useSession.getState().preferences;
      void setPreferences({ presets: renamed(presets, preset.id, name) });
    }
  };
  const remove = (): void => {
    const { presets } = useSession.getState().preferences;
    void setPreferences({ presets: presets.filter(({ id }) => id !== preset.id) });
  };
  return (
    <li>
      <TextField
        label={t('presetRename', { name: preset.name })}
        hideLabel
        value={name}
        maxLength={MAX_NAME}
        onChange={setName}
        onBlur={rename}
        onKeyDown={(event) => {
          if (event.key === 'Enter') rename();
        }}
      />
      <IconButton label={t('presetDelete', { name: preset.name })} onPress={remove}>
        <Trash2 aria-hidden />
      </IconButton>
    </li>
  );
}
