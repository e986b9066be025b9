import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportSettings } from '../../../preload/contract.js';
import { Button } from '../../elements/button.js';
import { Dialog } from '../../elements/dialog.js';
import { startDenoising } from '../../state/queue.js';
import { setPreferences, useSession } from '../../state/session.js';
import { closeOverlay, useView } from '../../state/view.js';
import { DestinationControl } from './destination-control.js';
import { useExport } from './export-state.js';
import { FileControls } from './file-controls.js';
import { NameControls } from './name-controls.js';
import { canStart } from './plan-remarks.js';
import { PlanView } from './plan-view.js';
import { usePlan } from './use-plan.js';
import './export.css';

/** Where results go and how they are written. */
export function ExportDialog(): React.JSX.Element | null {
  const open = useView(({ overlay }) => overlay === 'export');
  return open ? <OpenDialog /> : null;
}

function OpenDialog(): React.JSX.Element {
  const { t } = useTranslation('export');
  const photos = useExport((state) => state.photos);
  const [settings, setSettings] = useState<ExportSettings>(initialSettings);
  const planned = usePlan(photos, settings);
  const { plan } = planned;
  const change = (patch: Partial<ExportSettings>): void => {
    setSettings((before) => ({ ...before, ...patch }));
  };
  const save = async (): Promise<void> => {
    closeOverlay();
    await setPreferences({ export: settings });
  };
  const start = async (): Promise<void> => {
    await save();
    await startDenoising(photos);
  };
  const chosen = settings.destination !== null;
  return (
    <Dialog
      title={t('title')}
      size="large"
      isOpen
      onClose={closeOverlay}
      footer={
        <>
          <p className="export-safe">{t('originalsSafe')}</p>
          <Button onPress={closeOverlay}>{t('cancel')}</Button>
          <Button onPress={() => void save()}>{t('save')}</Button>
          <Button variant="primary" isDisabled={!chosen || !canStart(plan)} onPress={() => void start()}>
            {photos.length === 0 ? t('denoise') : t('denoisePhotos', { count: photos.length })}
          </Button>
        </>
      }
    >
      <div className="export">
        <div className="export-column">
          <DestinationControl settings={settings} onChange={change} />
          <NameControls settings={settings} plan={plan} onChange={change} />
        </div>
        <div className="export-column">
          <FileControls
            encode={settings.encode}
            onChange={(encode) => {
              change({ encode });
            }}
          />
          <PlanView photos={photos} settings={settings} planned={planned} />
        </div>
      </div>
    </Dialog>
  );
}

/** The remembered settings; where nothing is chosen yet and only a download is possible, that. */
function initialSettings(): ExportSettings {
  const { info, preferences } = useSession.getState();
  const only = info.host === 'web' && !info.hasRoots;
  if (preferences.export.destination !== null || !only) return preferences.export;
  return { ...preferences.export, destination: { kind: 'download' } };
}
