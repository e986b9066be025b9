import { FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Destination, ExportSettings, Place } from '../../../preload/contract.js';
import { Button } from '../../elements/button.js';
import { Switch } from '../../elements/checkbox.js';
import { TextField } from '../../elements/field.js';
import { SegmentedControl } from '../../elements/segmented-control.js';
import { useSession } from '../../state/session.js';
import { describeDestination } from './describe.js';
import { useChooseFolder } from './use-choose-folder.js';

interface DestinationControlProps {
  readonly settings: ExportSettings;
  readonly onChange: (patch: Partial<ExportSettings>) => void;
  /** False: what is written has no folders to keep. */
  readonly hasFolders?: boolean;
}

type Kind = Destination['kind'];

const MAX_FOLDER_NAME = 100;

/** Where results go. */
export function DestinationControl({
  settings,
  onChange,
  hasFolders = true,
}: DestinationControlProps): React.JSX.Element {
  const { t } = useTranslation('export');
  const info = useSession((state) => state.info);
  const { destination } = settings;
  const kinds: readonly Kind[] =
    info.host === 'desktop' ? ['place', 'beside'] : info.hasRoots ? ['place', 'beside', 'download'] : ['download'];
  const [kind, setKind] = useState<Kind>(destination?.kind ?? kinds[0]!);
  // A folder that was chosen comes back when the person does.
  const [place, setPlace] = useState(destination?.kind === 'place' ? destination : null);
  const [folder, setFolder] = useState(destination?.kind === 'beside' ? destination.folder : t('besideDefault'));
  const texts = { place: t('whereFolder'), beside: t('whereBeside'), download: t('whereDownload') };
  const choose = (next: Kind): void => {
    setKind(next);
    const beside = folder.trim() === '' ? null : ({ kind: 'beside', folder } as const);
    onChange({ destination: { place, beside, download: { kind: 'download' } as const }[next] });
  };
  return (
    <fieldset className="export-part">
      <legend>{t('whereTitle')}</legend>
      {kinds.length > 1 ? (
        <SegmentedControl
          label={t('where')}
          value={kind}
          segments={kinds.map((value) => ({ value, label: texts[value] }))}
          onChange={choose}
          stretch
        />
      ) : null}
      {kind === 'place' ? (
        <FolderChoice
          destination={place}
          onChosen={(chosen) => {
            const next = { kind: 'place', place: chosen.id } as const;
            setPlace(next);
            onChange({ destination: next });
          }}
        />
      ) : null}
      {kind === 'beside' ? (
        <TextField
          label={t('besideName')}
          description={t('besideHelp')}
          value={folder}
          maxLength={MAX_FOLDER_NAME}
          onChange={(text) => {
            setFolder(text);
            onChange({ destination: text.trim() === '' ? null : { kind: 'beside', folder: text } });
          }}
        />
      ) : null}
      {kind === 'download' ? <p className="export-help">{t('downloadHelp')}</p> : null}
      {kind === 'beside' || !hasFolders ? null : (
        <Switch
          value={settings.keepFolders}
          onChange={(keepFolders) => {
            onChange({ keepFolders });
          }}
        >
          {t('keepFolders')}
        </Switch>
      )}
    </fieldset>
  );
}

interface FolderChoiceProps {
  readonly destination: Extract<Destination, { kind: 'place' }> | null;
  readonly onChosen: (place: Place) => void;
}

function FolderChoice({ destination, onChosen }: FolderChoiceProps): React.JSX.Element {
  const { t } = useTranslation('export');
  const places = useSession((state) => state.info.places);
  const { choose, dialog } = useChooseFolder(destination?.place ?? null, onChosen);
  return (
    <div className="export-folder">
      <FolderOpen aria-hidden />
      <span className={destination === null ? 'export-folder-none' : 'export-folder-name'} role="status">
        {destination === null ? t('noFolder') : describeDestination(destination, places, t)}
      </span>
      <Button size="small" onPress={choose}>
        {destination === null ? t('choose') : t('change')}
      </Button>
      {dialog}
    </div>
  );
}
