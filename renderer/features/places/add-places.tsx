import { host } from '../../host.js';
import { fail } from '../../state/session.js';
import { closeOverlay, useView } from '../../state/view.js';
import { settleRemovals } from '../library/removing.js';
import { PlacesDialog } from './places-dialog.js';

/** Adds folders and photos of the server. */
export function AddPlaces() {
  const isOpen = useView((state) => state.overlay === 'places');
  return (
    <PlacesDialog
      mode="add"
      isOpen={isOpen}
      onClose={closeOverlay}
      onChoose={(places) => {
        settleRemovals();
        void host()
          .call('library.addPlaces', { places: places.map(({ id }) => id) })
          .catch(fail);
        closeOverlay();
      }}
    />
  );
}
