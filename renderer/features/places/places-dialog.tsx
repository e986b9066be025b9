import { useState } from 'react';
import { ChevronRight, CircleAlert, CornerLeftUp, Folder, FolderPlus, Image } from 'lucide-react';
import { ListBox, ListBoxItem, type Selection } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Place, PlaceId, PlaceListing } from '../../../preload/contract.js';
import { Button } from '../../elements/button.js';
import { Dialog } from '../../elements/dialog.js';
import { EmptyState } from '../../elements/empty-state.js';
import { TextField } from '../../elements/field.js';
import { Spinner } from '../../elements/progress.js';
import { errorText } from '../../i18n/error-text.js';
import { host } from '../../host.js';
import { useListing } from './use-listing.js';
import './places-dialog.css';

interface Common {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Where it begins; null: at the folders that the server was started with. */
  readonly start?: PlaceId | null;
}

export type PlacesDialogProps =
  /** Chooses folders and photos to add. */
  | (Common & { readonly mode: 'add'; readonly onChoose: (places: readonly Place[]) => void })
  /** Chooses one folder to write to. */
  | (Common & { readonly mode: 'destination'; readonly onChoose: (place: Place) => void });

/** The folders of the server that may be seen: to add photos from, or to write results to. */
export function PlacesDialog(props: PlacesDialogProps) {
  const { t } = useTranslation('library');
  return (
    <Dialog
      title={props.mode === 'add' ? t('placesAddTitle') : t('placesDestinationTitle')}
      isOpen={props.isOpen}
      onClose={props.onClose}
    >
      <Browser {...props} />
    </Dialog>
  );
}

function Browser(props: PlacesDialogProps) {
  const { t } = useTranslation('library');
  const [at, setAt] = useState<PlaceId | null>(props.start ?? null);
  const [chosen, setChosen] = useState<ReadonlySet<PlaceId>>(new Set());
  const { listing, error, reload } = useListing(at);
  const go = (place: PlaceId | null): void => {
    setChosen(new Set());
    setAt(place);
  };
  if (error !== null) {
    return (
      <EmptyState
        icon={<CircleAlert aria-hidden />}
        title={t('placesFailed')}
        actions={
          <Button
            onPress={() => {
              go(null);
            }}
          >
            {t('placesBack')}
          </Button>
        }
      >
        {errorText(error)}
      </EmptyState>
    );
  }
  if (listing === null)
    return <EmptyState icon={<Spinner label={t('placesLoading')} size={28} />} title={t('placesLoading')} />;
  return (
    <div className="places">
      <div className="places-path">
        {listing.place === null ? null : (
          <Button
            size="small"
            variant="ghost"
            icon={<CornerLeftUp aria-hidden />}
            onPress={() => {
              go(listing.parent);
            }}
          >
            {t('placesUp')}
          </Button>
        )}
        <strong>{listing.place?.label ?? t('placesRoots')}</strong>
      </div>
      <Entries {...props} listing={listing} chosen={chosen} onSelect={setChosen} onOpen={go} />
      {props.mode === 'add' ? (
        <AddFooter listing={listing} chosen={chosen} onChoose={props.onChoose} />
      ) : (
        <DestinationFooter
          listing={listing}
          chosen={chosen}
          onChoose={props.onChoose}
          onCreated={(place) => {
            reload();
            go(place.id);
          }}
        />
      )}
    </div>
  );
}

interface EntriesProps {
  readonly mode: PlacesDialogProps['mode'];
  readonly listing: PlaceListing;
  readonly chosen: ReadonlySet<PlaceId>;
  readonly onSelect: (chosen: ReadonlySet<PlaceId>) => void;
  readonly onOpen: (place: PlaceId) => void;
}

/** Folders open on a double click or Enter; what is added, and a folder to write to, can be selected. */
function Entries({ mode, listing, chosen, onSelect, onOpen }: EntriesProps) {
  const { t } = useTranslation('library');
  const folders = new Set<string>(listing.folders.map(({ id }) => id));
  const shown = mode === 'add' ? [...listing.folders, ...listing.photos] : listing.folders;
  return (
    <ListBox
      key={listing.place?.id ?? ''}
      aria-label={listing.place?.label ?? t('placesRoots')}
      className="places-list"
      selectionMode={mode === 'add' ? 'multiple' : 'single'}
      selectionBehavior="replace"
      selectedKeys={chosen}
      onSelectionChange={(selection: Selection) => {
        onSelect(new Set(selection === 'all' ? shown.map(({ id }) => id) : ([...selection] as PlaceId[])));
      }}
      onAction={(key) => {
        if (folders.has(String(key))) onOpen(key as PlaceId);
      }}
      renderEmptyState={() => (
        <p className="places-empty">{mode === 'add' ? t('placesEmpty') : t('placesNoFolders')}</p>
      )}
    >
      {shown.map((place) => (
        <ListBoxItem key={place.id} id={place.id} textValue={place.name} className="places-item">
          {folders.has(place.id) ? <Folder aria-hidden /> : <Image aria-hidden />}
          <span>{place.name}</span>
          {folders.has(place.id) ? <ChevronRight aria-hidden className="places-open" /> : null}
        </ListBoxItem>
      ))}
    </ListBox>
  );
}

interface AddFooterProps {
  readonly listing: PlaceListing;
  readonly chosen: ReadonlySet<PlaceId>;
  readonly onChoose: (places: readonly Place[]) => void;
}

/** Adds what is selected, else the folder itself. */
function AddFooter({ listing, chosen, onChoose }: AddFooterProps) {
  const { t } = useTranslation('library');
  const selected = [...listing.folders, ...listing.photos].filter(({ id }) => chosen.has(id));
  const places = selected.length > 0 ? selected : listing.place === null ? [] : [listing.place];
  return (
    <footer className="places-foot">
      <span className="places-hint">{t('placesHint')}</span>
      <Button
        variant="primary"
        isDisabled={places.length === 0}
        onPress={() => {
          onChoose(places);
        }}
      >
        {selected.length > 0 ? t('placesAdd', { count: selected.length }) : t('placesAddFolder')}
      </Button>
    </footer>
  );
}

interface DestinationFooterProps {
  readonly listing: PlaceListing;
  readonly chosen: ReadonlySet<PlaceId>;
  readonly onChoose: (place: Place) => void;
  readonly onCreated: (place: Place) => void;
}

/** Chooses the folder that is selected, else the one that is open; makes new ones in it. */
function DestinationFooter({ listing, chosen, onChoose, onCreated }: DestinationFooterProps) {
  const { t } = useTranslation('library');
  const [name, setName] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const { place, writable } = listing;
  const selected = listing.folders.find(({ id }) => chosen.has(id)) ?? null;
  // Whether the selected one can be written to is said by the plan.
  const target = selected ?? (writable ? place : null);
  const create = (): void => {
    if (place === null || name === null || name.trim() === '') return;
    host()
      .call('places.create', { place: place.id, name: name.trim() })
      .then((created) => {
        setName(null);
        onCreated(created);
      }, setError);
  };
  if (name !== null) {
    return (
      <form
        className="places-foot"
        onSubmit={(event) => {
          event.preventDefault();
          create();
        }}
      >
        <TextField
          label={t('placesNewName')}
          hideLabel
          placeholder={t('placesNewName')}
          // The person has just asked for it.
          autoFocus
          value={name}
          error={error === null ? null : errorText(error)}
          onChange={(next) => {
            setError(null);
            setName(next);
          }}
        />
        <Button
          onPress={() => {
            setName(null);
          }}
        >
          {t('placesKeep')}
        </Button>
        <Button variant="primary" type="submit" isDisabled={name.trim() === ''}>
          {t('placesCreate')}
        </Button>
      </form>
    );
  }
  return (
    <footer className="places-foot">
      <Button
        icon={<FolderPlus aria-hidden />}
        isDisabled={place === null || !writable}
        onPress={() => {
          setName('');
        }}
      >
        {t('placesNew')}
      </Button>
      <span className="places-hint">{place !== null && !writable ? t('placesReadOnly') : ''}</span>
      <Button
        variant="primary"
        isDisabled={target === null}
        onPress={() => {
          if (target !== null) onChoose(target);
        }}
      >
        {selected === null ? t('placesChoose') : t('placesChooseNamed', { name: selected.name })}
      </Button>
    </footer>
  );
}
