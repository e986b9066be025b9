import type { Place } from '../../../preload/contract.js';
import { host } from '../../host.js';
import { fail, useSession } from '../../state/session.js';

/** Asks for a folder: by the system's dialog, or by one of ours over the server's folders. */
export function useChooseFolder(onChosen: (place: Place) => void): {
  readonly choose: () => void;
  /** To be rendered; null: nothing. */
  readonly dialog: React.ReactNode;
} {
  const accept = (place: Place): void => {
    rememberPlace(place);
    onChosen(place);
  };
  const choose = async (): Promise<void> => {
    try {
      const place = await host().call('places.pick', {});
      if (place !== null) accept(place);
    } catch (error) {
      fail(error);
    }
  };
  return { choose: () => void choose(), dialog: null };
}

/** So that the folder has a name wherever it is shown. */
function rememberPlace(place: Place): void {
  useSession.setState(({ info }) => ({
    info: { ...info, places: [...info.places.filter(({ id }) => id !== place.id), place] },
  }));
}
