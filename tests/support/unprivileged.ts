import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const NOBODY = 65_534;
const BIN = fileURLToPath(new URL('../../bin/stillgrain.mjs', import.meta.url));

/**
 * A user to whom file permissions apply: null when the tests run as such a one, a user id to run commands as when they
 * run as root, and undefined when there is none who can run the program (said aloud, since a test is left out then).
 */
export function unprivilegedUser(): number | null | undefined {
  if (process.getuid?.() !== 0) return process.platform === 'win32' ? undefined : null;
  const trial = spawnSync(process.execPath, [BIN, '--version'], { uid: NOBODY, gid: NOBODY });
  if (trial.status === 0) return NOBODY;
  console.warn('File permissions are NOT tested: as root they do not apply, and nobody else can run the program here.');
  return undefined;
}
