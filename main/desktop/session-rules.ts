import type { Session } from 'electron';

/** What the page's session may do: nothing that asks anybody, nothing on any network. */

/** Whatever leaves the program: the page has `app:` alone. */
const REFUSED = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*'];

/** Denies every permission and every request to a network. */
export function restrictSession(
  session: Pick<
    Session,
    | 'setPermissionRequestHandler'
    | 'setPermissionCheckHandler'
    | 'setDevicePermissionHandler'
    | 'setSpellCheckerEnabled'
    | 'webRequest'
  >,
): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => {
    callback(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest({ urls: REFUSED }, (_details, callback) => {
    callback({ cancel: true });
  });
}
