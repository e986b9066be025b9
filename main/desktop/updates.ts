/** Updates: never looked for where there is no place to get them from, never fetched or installed unasked. */

export interface UpdateConditions {
  readonly isPackaged: boolean;
  /** Whether the package names a feed: electron-builder writes app-update.yml where one is configured. */
  readonly hasFeed: boolean;
  readonly platform: string;
  /** Set by an AppImage's own start; without it there is no file that could be replaced. */
  readonly appImage: string | undefined;
  /** STILLGRAIN_UPDATES: "off", or "ask" to look only when the menu is used; anything else is the default. */
  readonly choice: string | undefined;
}

/** `off`: no updates at all; `ask`: when the person asks; `notify`: also looked for once after the start. */
export type UpdatePolicy = 'off' | 'ask' | 'notify';

/** What may happen by itself. Downloading and installing are never among it. */
export function updatePolicy(conditions: UpdateConditions): UpdatePolicy {
  const { isPackaged, hasFeed, platform, appImage, choice } = conditions;
  if (!isPackaged || !hasFeed || choice === 'off') return 'off';
  // Packages of a distribution are updated by the distribution.
  if (platform === 'linux' && appImage === undefined) return 'off';
  return choice === 'ask' ? 'ask' : 'notify';
}

/** What is used of electron-updater. */
export interface Updater {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  /** null where the updater is not active. */
  checkForUpdates(): Promise<{
    readonly isUpdateAvailable: boolean;
    readonly updateInfo: { readonly version: string };
  } | null>;
  downloadUpdate(): Promise<unknown>;
  quitAndInstall(): void;
}

/** What the person is asked and told. */
export interface UpdateVoice {
  confirmDownload(version: string): Promise<boolean>;
  confirmInstall(version: string): Promise<boolean>;
  /** A notice in the window: there is a new version. */
  announce(version: string): void;
  upToDate(): void;
  failed(reason: string): void;
}

/** Looks for updates and asks before each step. */
export class Updates {
  #updater: Promise<Updater> | null = null;
  #isBusy = false;

  constructor(
    /** Loads the updater, which is not even loaded before it is needed. */
    private readonly load: () => Promise<Updater>,
    private readonly voice: UpdateVoice,
    /** Called before the installer takes over. */
    private readonly beforeInstall: () => Promise<void>,
  ) {}

  /** Looks once and only tells; faults are for the log alone: nobody has asked. */
  async lookQuietly(onFault: (error: unknown) => void): Promise<void> {
    try {
      const version = await this.#newer();
      if (version !== null) this.voice.announce(version);
    } catch (error) {
      onFault(error);
    }
  }

  /** The person asked: tells what there is, and fetches and installs it if they want that. */
  async ask(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      const version = await this.#newer();
      if (version === null) this.voice.upToDate();
      else if (await this.voice.confirmDownload(version)) {
        const updater = await this.#ready();
        await updater.downloadUpdate();
        if (await this.voice.confirmInstall(version)) {
          await this.beforeInstall();
          updater.quitAndInstall();
        }
      }
    } catch (error) {
      this.voice.failed((error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '');
    } finally {
      this.#isBusy = false;
    }
  }

  async #newer(): Promise<string | null> {
    const found = await (await this.#ready()).checkForUpdates();
    return found?.isUpdateAvailable === true ? found.updateInfo.version : null;
  }

  #ready(): Promise<Updater> {
    this.#updater ??= this.load().then((updater) => {
      updater.autoDownload = false;
      updater.autoInstallOnAppQuit = false;
      return updater;
    });
    return this.#updater;
  }
}
