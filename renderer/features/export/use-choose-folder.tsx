import { useState } from 'react';
import type { Place, PlaceId } from '../../../preload/contract.js';
import { host } from '../../host.js';
import { fail, useSession } from '../../state/session.js';
import { PlacesDialog } from '../places/places-dialog.js';

/** Asks for a folder: by the system's dialog, or by one of ours over the server's folders. */
export function useChooseFolder(
  start: PlaceId | null,
  onChosen: (place: Place) => void,
): {
  readonly choose: () => void;
  /** To be rendered. */
  readonly dialog: React.ReactNode;
} {
  const desktop = useSession((state) => state.info.host === 'desktop');
  const [open, setOpen] = useState(false);
  const accept = (place: Place): void => {
    rememberPlace(place);
    onChosen(place);
  };
  const pick = async (): Promise<void> => {
    try {
      const place = await host().call('places.pick', {});
      if (place !== null) accept(place);
    } catch (error) {
      fail(error);
    }
  };
  return {
    choose: () => {
      if (desktop) void pick();
      else setOpen(true);
    },
    dialog: (
      <PlacesDialog
        mode="destination"
        isOpen={open}
        start={start}
        onClose={() => {
          setOpen(false);
        }}
        onChoose={(place) => {
          setOpen(false);
          accept(place);
        }}
      />
    ),
  };
}

/** So that the folder has a name wherever it is shown. */
function rememberPlace(place: Place): void {
  useSession.setState(({ info }) => ({
    info: { ...info, places: [...info.places.filter(({ id }) => id !== place.id), place] },
  }));
}
