import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportSettings, GeneratedExport } from '../../../preload/contract.js';
import { Button } from '../../elements/button.js';
import { Dialog } from '../../elements/dialog.js';
import { Notice } from '../../elements/notice.js';
import { host } from '../../host.js';
import { errorText } from '../../i18n/error-text.js';
import { fail, setPreferences, useSession } from '../../state/session.js';
import { DestinationControl } from '../export/destination-control.js';
import { FileControls } from '../export/file-controls.js';
import '../export/export.css';
import { IDLE, Job, type JobState } from './job.js';
import { JobBar } from './job-bar.js';

interface ExportPicturesProps {
  readonly title: string;
  /** Whether the file format is chosen as for denoised photos. */
  readonly hasFormat?: boolean;
  /** What is to be known before. */
  readonly note?: string;
  /** Further settings. */
  readonly children?: React.ReactNode;
  readonly onClose: () => void;
  readonly run: (ticket: number, signal: AbortSignal, settings: ExportSettings) => Promise<GeneratedExport>;
}

/** Asks where generated pictures go, writes them, and says what became of it. */
export function ExportPictures(props: ExportPicturesProps): React.JSX.Element {
  const { title, hasFormat = false, note, children, onClose, run } = props;
  const { t } = useTranslation('generate');
  const [settings, setSettings] = useState<ExportSettings>(firstSettings);
  const [state, setState] = useState<JobState>(IDLE);
  const [done, setDone] = useState<GeneratedExport | null>(null);
  const job = useRef<Job | null>(null);
  useEffect(
    () => () => {
      job.current?.cancel();
    },
    [],
  );
  const change = (patch: Partial<ExportSettings>): void => {
    setSettings((before) => ({ ...before, ...patch }));
  };
  const start = async (): Promise<void> => {
    void setPreferences({ export: settings });
    job.current ??= new Job(setState);
    const result = await job.current.run((ticket, signal) => run(ticket, signal, settings));
    if (result === null) return;
    setDone(result);
    if (result.download !== null) fetchDownload(result.download);
  };
  return (
    <Dialog
      title={title}
      size={hasFormat ? 'large' : 'medium'}
      isOpen
      onClose={onClose}
      footer={
        done !== null ? (
          <DoneButtons done={done} onClose={onClose} />
        ) : (
          <>
            <p className="export-safe">{t('marked')}</p>
            <Button onPress={onClose}>{t('cancel')}</Button>
            <Button
              variant="primary"
              isDisabled={settings.destination === null || state.busy}
              onPress={() => void start()}
            >
              {t('export')}
            </Button>
          </>
        )
      }
    >
      {done !== null ? (
        <Outcome done={done} />
      ) : (
        <div className="generate-export">
          <JobBar
            job={state}
            label={t('exporting')}
            onStop={() => job.current?.cancel()}
            onRetry={() => void start()}
          />
          <div className={hasFormat ? 'export' : 'export-column'} inert={state.busy}>
            <div className="export-column">
              <DestinationControl settings={settings} onChange={change} hasFolders={false} />
              {note === undefined ? null : <p className="export-help">{note}</p>}
            </div>
            <div className="export-column">
              {children}
              {hasFormat ? (
                <FileControls
                  encode={settings.encode}
                  onChange={(encode) => {
                    change({ encode });
                  }}
                />
              ) : null}
            </div>
          </div>
        </div>
      )}
    </Dialog>
  );
}

function DoneButtons({ done, onClose }: { readonly done: GeneratedExport; readonly onClose: () => void }) {
  const { t } = useTranslation('generate');
  const desktop = useSession((state) => state.info.host === 'desktop');
  return (
    <>
      {desktop && done.files > 0 ? (
        <Button
          onPress={() => {
            host().call('generate.reveal', {}).catch(fail);
          }}
        >
          {t('reveal')}
        </Button>
      ) : null}
      <Button variant="primary" onPress={onClose} autoFocus>
        {t('done')}
      </Button>
    </>
  );
}

function Outcome({ done }: { readonly done: GeneratedExport }) {
  const { t } = useTranslation('generate');
  const { files, folder, failed, notes } = done;
  return (
    <div className="generate-outcome">
      {files === 0 ? null : (
        <Notice level="info" detail={notes.length === 0 ? null : notes.join('; ')}>
          {folder === null ? t('downloading', { count: files }) : t('written', { count: files, folder })}
        </Notice>
      )}
      {failed[0] === undefined ? null : (
        <Notice level="error" detail={failed.map(({ name }) => name).join(', ')}>
          {t('notWritten', { count: failed.length, reason: errorText(failed[0].error) })}
        </Notice>
      )}
    </div>
  );
}

/** The remembered settings; where nothing is chosen yet and only a download is possible, that. */
function firstSettings(): ExportSettings {
  const { info, preferences } = useSession.getState();
  const only = info.host === 'web' && !info.hasRoots;
  if (preferences.export.destination !== null || !only) return preferences.export;
  return { ...preferences.export, destination: { kind: 'download' } };
}

function fetchDownload({ url, name }: { readonly url: string; readonly name: string }): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}
