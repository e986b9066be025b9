import { useTranslation } from 'react-i18next';
import { Select } from '../../elements/select.js';
import { useLibrary } from '../../state/library.js';
import { useSelection } from '../../state/selection.js';
import { offersOf, type PhotoSource } from './photo-sources.js';

export interface PhotosFieldProps {
  readonly label: string;
  readonly description: string;
  readonly value: PhotoSource | null;
  readonly onChange: (source: PhotoSource) => void;
}

/** Which photos of the library: the selection, all, a folder. */
export function PhotosField({ label, description, value, onChange }: PhotosFieldProps): React.JSX.Element {
  const { t } = useTranslation('train');
  const photos = useLibrary((state) => state.photos);
  const selected = useSelection((state) => state.selected);
  const offers = offersOf(photos, selected);
  const text = (source: PhotoSource, count: number): string => {
    if (source === 'selected') return t('sourceSelected', { count });
    if (source === 'all') return t('sourceAll', { count });
    if (source === 'clean') return t('sourceClean', { count });
    return t('sourceFolder', { folder: source.slice('folder:'.length) || '–', count });
  };
  return (
    <Select
      label={label}
      description={description}
      placeholder={t('sourceNone')}
      value={value ?? ''}
      options={offers.map(({ source, count }) => ({ value: source, label: text(source, count) }))}
      onChange={(source) => {
        onChange(source as PhotoSource);
      }}
    />
  );
}
