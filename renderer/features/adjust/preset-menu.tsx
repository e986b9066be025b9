import { ChevronDown, Plus, SlidersHorizontal } from 'lucide-react';
import { memo, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../elements/button.js';
import { Menu, MenuItem, MenuSection, MenuSeparator } from '../../elements/menu.js';
import { applyPatch, applySettings, endPreview, preview } from '../../state/adjust.js';
import { useSession } from '../../state/session.js';
import { ManagePresets } from './manage-presets.js';
import { BUILT_IN_NAMES, BUILT_IN_PRESETS, presetInUse } from './presets.js';
import { SavePreset } from './save-preset.js';
import { sameShown, type ShownSettings } from './use-adjusted.js';

/** Named settings: hovering one shows it on the photo, choosing one sets it. */
export const PresetMenu = memo(function PresetMenu({ shown }: { readonly shown: ShownSettings }) {
  const { t } = useTranslation('adjust');
  const presets = useSession((state) => state.preferences.presets);
  const [dialog, setDialog] = useState<'none' | 'save' | 'manage'>('none');
  const close = (): void => {
    setDialog('none');
  };
  useEffect(() => endPreview, []);
  return (
    <div className="adjust-group">
      <Menu
        label={t('presets')}
        // Escape closes it under the pointer, and no item hears of that.
        onOpenChange={endPreview}
        trigger={
          <Button icon={<SlidersHorizontal aria-hidden />}>
            <span className="adjust-preset">
              <span className="visually-hidden">{t('presets')}: </span>
              <PresetName shown={shown} />
              <ChevronDown aria-hidden />
            </span>
          </Button>
        }
      >
        {presets.length === 0 ? null : (
          <MenuSection title={t('presetsOwn')}>
            {presets.map((preset) => (
              <MenuItem
                key={preset.id}
                label={preset.name}
                onPoint={showing(preset.adjustments)}
                onAction={() => {
                  applySettings(preset.adjustments, 'preset');
                }}
              />
            ))}
          </MenuSection>
        )}
        <MenuSection title={t('presetsBuiltIn')}>
          {BUILT_IN_NAMES.map((name) => (
            <MenuItem
              key={name}
              label={t(`preset${name}`)}
              detail={t(`preset${name}Help`)}
              onPoint={showing(BUILT_IN_PRESETS[name])}
              onAction={() => {
                applyPatch(BUILT_IN_PRESETS[name], 'preset');
              }}
            />
          ))}
        </MenuSection>
        <MenuSeparator />
        <MenuItem
          label={t('presetSave')}
          icon={<Plus aria-hidden />}
          isDisabled={Object.values(shown.settings).includes(undefined)}
          detail={Object.values(shown.settings).includes(undefined) ? t('presetSaveMixed') : undefined}
          onAction={() => {
            setDialog('save');
          }}
        />
        <MenuItem
          label={t('presetManage')}
          isDisabled={presets.length === 0}
          onAction={() => {
            setDialog('manage');
          }}
        />
      </Menu>
      {dialog === 'save' ? <SavePreset settings={shown.all[0]!} onClose={close} /> : null}
      {dialog === 'manage' ? <ManagePresets onClose={close} /> : null}
    </div>
  );
}, sameShown);

/** Shows settings while an item has the pointer or the focus. */
const showing =
  (patch: Parameters<typeof preview>[0]) =>
  (on: boolean): void => {
    if (on) preview(patch);
    else endPreview();
  };

function PresetName({ shown }: { readonly shown: ShownSettings }): React.JSX.Element {
  const { t } = useTranslation('adjust');
  const presets = useSession((state) => state.preferences.presets);
  const used = presetInUse(shown.settings, presets);
  const name = (): string => {
    if (used.kind === 'own') return used.preset.name;
    if (used.kind === 'built-in') return t(`preset${used.name}`);
    return used.kind === 'mixed' ? t('presetMixed') : t('presetNone');
  };
  return <span className="adjust-preset-name">{name()}</span>;
}
