import { useTranslation } from 'react-i18next';
import { Button } from '../../elements/button.js';
import { Dialog } from '../../elements/dialog.js';
import { Tabs } from '../../elements/tabs.js';
import { closeOverlay, useView } from '../../state/view.js';
import { AboutPage } from './about-page.js';
import { DiagnosisPage } from './diagnosis-page.js';
import { EnginePage } from './engine-page.js';
import { GeneralPage } from './general-page.js';
import './settings.css';

/** Language, appearance, and what this machine is. */
export function SettingsDialog(): React.JSX.Element {
  const { t } = useTranslation('settings');
  const open = useView(({ overlay }) => overlay === 'settings');
  return (
    <Dialog
      title={t('title')}
      isOpen={open}
      onClose={closeOverlay}
      footer={
        <Button variant="primary" onPress={closeOverlay}>
          {t('done')}
        </Button>
      }
    >
      <div className="settings">
        <Tabs
          label={t('pages')}
          pages={[
            { id: 'general', label: t('general'), content: <GeneralPage /> },
            { id: 'engine', label: t('engine'), content: <EnginePage /> },
            { id: 'diagnosis', label: t('diagnosis'), content: <DiagnosisPage /> },
            { id: 'about', label: t('about'), content: <AboutPage /> },
          ]}
        />
      </div>
    </Dialog>
  );
}
