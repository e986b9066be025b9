import { FilePlus2, FolderPlus, ImagePlus, Server, WandSparkles } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../elements/button.js';
import { setPreferences, useSession } from '../../state/session.js';
import { browseServer, pick, trySample, useHasRoots } from '../add/adding.js';
import './welcome.css';

/** What the window shows without photos: where to drop them, and a sample to try it on. */
export function Welcome() {
  const { t } = useTranslation('welcome');
  const { t: common } = useTranslation();
  const hasRoots = useHasRoots();
  const welcomed = useSession((state) => state.preferences.welcomed);
  const [busy, setBusy] = useState(false);
  const startSample = (): void => {
    setBusy(true);
    if (!welcomed) void setPreferences({ welcomed: true });
    void trySample().finally(() => {
      setBusy(false);
    });
  };
  return (
    <div className="welcome">
      <div className="welcome-zone">
        <ImagePlus aria-hidden className="welcome-icon" />
        <h2 className="welcome-title">{welcomed ? t('titleAgain') : t('title')}</h2>
        <p className="welcome-text">{t('text')}</p>
        <div className="welcome-actions">
          <Button
            size="large"
            variant="primary"
            icon={<FilePlus2 aria-hidden />}
            onPress={() => {
              pick('files');
            }}
          >
            {common('addFiles')}
          </Button>
          <Button
            size="large"
            icon={<FolderPlus aria-hidden />}
            onPress={() => {
              pick('folders');
            }}
          >
            {common('addFolder')}
          </Button>
          {hasRoots ? (
            <Button size="large" icon={<Server aria-hidden />} onPress={browseServer}>
              {common('addServerFolders')}
            </Button>
          ) : null}
        </div>
        <p className="welcome-formats">{t('formats')}</p>
      </div>
      <div className="welcome-sample">
        <span>{t('sampleText')}</span>
        <Button variant="ghost" icon={<WandSparkles aria-hidden />} isPending={busy} onPress={startSample}>
          {t('sample')}
        </Button>
      </div>
    </div>
  );
}
