import path from 'node:path';

/** Where things are that come with the program. */
export interface Resources {
  readonly isPackaged: boolean;
  /** Electron's `process.resourcesPath`. */
  readonly folder: string;
}

/** The environment of the engine: ours, and where the models are, which in a package lie outside of the archive. */
export function engineEnvironment(env: NodeJS.ProcessEnv, { isPackaged, folder }: Resources): Record<string, string> {
  const own = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return isPackaged ? { ...own, STILLGRAIN_MODELS_DIR: path.join(folder, 'models') } : own;
}
