import i18next from 'i18next';
import type { PhotoEntry, PhotoId } from '../../../preload/contract.js';
import { host } from '../../host.js';
import { forget, recall, useLibrary } from '../../state/library.js';
import { useSelection } from '../../state/selection.js';
import { fail, say } from '../../state/session.js';
import { shownOrder } from '../../state/shown.js';

/**
 * Taking photos off the list. They vanish at once, but the host is told only when there is no more taking back: it
 * forgets a photo's settings with it.
 */

/** As long as the notice stays that can take it back. */
const UNDO_MS = 8000;

const pending = new Set<() => void>();

/** Takes photos off the list; the files stay, and a notice can take it back. */
export function removePhotos(ids: readonly PhotoId[]): void {
  const { photos } = useLibrary.getState();
  const removed = ids.flatMap((id) => photos.get(id) ?? []);
  if (removed.length === 0) return;
  const neighbour = neighbourOf(shownOrder(), new Set(ids));
  forget(ids);
  useSelection.setState({
    selected: new Set(neighbour === null ? [] : [neighbour]),
    active: neighbour,
    anchor: neighbour,
  });
  const commit = (): void => {
    clearTimeout(timer);
    pending.delete(commit);
    void host()
      .call('library.remove', { photos: removed.map(({ id }) => id) })
      .catch((error: unknown) => {
        recall(removed);
        fail(error);
      });
  };
  const timer = setTimeout(commit, UNDO_MS);
  pending.add(commit);
  const t = i18next.getFixedT(null, 'library');
  say('info', t('removed', { count: removed.length }), {
    label: i18next.t('undo'),
    run: () => {
      if (pending.delete(commit)) undo(removed, timer);
    },
  });
}

function undo(removed: readonly PhotoEntry[], timer: ReturnType<typeof setTimeout>): void {
  clearTimeout(timer);
  recall(removed);
  useSelection.setState({ selected: new Set(removed.map(({ id }) => id)), active: removed[0]?.id ?? null });
}

/** Tells the host of all that was removed, before photos are added that may be among it, and before the page goes. */
export function settleRemovals(): void {
  for (const commit of [...pending]) commit();
}

/** The photo that takes the focus when others go: the first one behind them, else the last before; pure. */
export function neighbourOf(order: readonly PhotoId[], gone: ReadonlySet<PhotoId>): PhotoId | null {
  const last = order.findLastIndex((id) => gone.has(id));
  return (
    order.slice(last + 1).find((id) => !gone.has(id)) ?? order.slice(0, last).findLast((id) => !gone.has(id)) ?? null
  );
}
