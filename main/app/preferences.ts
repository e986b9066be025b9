import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_PREFERENCES, Preferences, type CallParams } from '../../preload/contract.js';
import type { Emit } from './events.js';
import { salvage } from './salvage.js';
import { saveFault, Saver, writeStored } from './stored-file.js';

const SAVE_MS = 300;

/** The person's choices, remembered across sessions. */
export class PreferenceStore {
  readonly #file: string;
  readonly #emit: Emit;
  readonly #saver: Saver;
  #value: Preferences = DEFAULT_PREFERENCES;

  constructor(folder: string, emit: Emit) {
    this.#file = join(folder, 'preferences.json');
    this.#emit = emit;
    this.#saver = new Saver(
      () => writeStored(this.#file, [`${JSON.stringify(this.#value, null, 2)}\n`]),
      SAVE_MS,
      (error) => {
        emit('app.notice', saveFault('the preferences', error));
      },
    );
  }

  /** Reads what is stored; what is damaged, or unknown to this version, is as it is by default. */
  async load(): Promise<void> {
    const text = await readFile(this.#file, 'utf8').catch(() => 'null');
    this.#value = salvage(Preferences, parseJson(text), DEFAULT_PREFERENCES);
  }

  get value(): Preferences {
    return this.#value;
  }

  /** Changes some of them; every window hears of it. */
  set(patch: CallParams<'preferences.set'>): Preferences {
    const given = Object.entries(patch).filter(([, value]) => value !== undefined);
    this.#value = Preferences.parse({ ...this.#value, ...Object.fromEntries(given) });
    this.#emit('preferences.changed', { preferences: this.#value });
    this.#saver.touch();
    return this.#value;
  }

  close(): Promise<void> {
    return this.#saver.flush();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
