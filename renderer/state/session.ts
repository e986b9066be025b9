import { create } from 'zustand';
import type { AppInfo, EventPayload, ModelChoice, Preferences } from '../../preload/contract.js';
import { host } from '../host.js';
import { errorCode } from '../i18n/error-text.js';

/** A remark that waits to be read: the host's, told by its code, or one of the window, with its text. */
export type Notice = EventPayload<'app.notice'> & {
  readonly id: number;
  /** In the language in use; absent: the text of the code. */
  readonly text?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
};

export interface SessionState {
  readonly info: AppInfo;
  readonly preferences: Preferences;
  readonly engine: EventPayload<'engine.changed'>;
  /** null: the engine has not said yet. */
  readonly models: readonly ModelChoice[] | null;
  readonly notices: readonly Notice[];
}

const NOTICES_KEPT = 5;
let notices = 0;
/** What a slider under the hand has set and the host has not confirmed: it wins over what the host says. */
let held: Partial<Preferences> = {};
/** It is asked again when it has come up after all. */
let engineFailed = false;

/** What the host says of itself, and the person's choices. Filled by `startSession` before the first render. */
export const useSession = create<SessionState>(() => ({
  info: undefined as unknown as AppInfo,
  preferences: undefined as unknown as Preferences,
  engine: { state: 'ready', message: '' },
  models: null,
  notices: [],
}));

/** Asks the host what it is and follows what it says. */
export async function startSession(): Promise<AppInfo> {
  const client = host();
  client.on('preferences.changed', ({ preferences }) => {
    useSession.setState({ preferences: { ...preferences, ...held } });
  });
  client.on('engine.changed', (engine) => {
    useSession.setState({ engine });
    if (engine.state === 'ready' && engineFailed) void startEngine();
  });
  client.on('app.notice', addNotice);
  const info = await client.call('app.start', {});
  useSession.setState({ info, preferences: info.preferences });
  return info;
}

/** Has the engine started and asks for its models: once the window is there, since both at once make it late. */
export async function startEngine(): Promise<void> {
  // An engine that does not start says so itself.
  const reply = await host()
    .call('engine.models', {})
    .catch(() => null);
  engineFailed = reply === null;
  if (reply !== null) useSession.setState({ models: reply.models });
}

/** Changes preferences at once here, and in the host; a refusal takes the change back and is said. */
export async function setPreferences(patch: Partial<Preferences>): Promise<void> {
  const before = useSession.getState().preferences;
  useSession.setState({ preferences: { ...before, ...patch } });
  try {
    await host().call('preferences.set', patch);
  } catch (error) {
    useSession.setState({ preferences: before });
    fail(error);
  }
}

/** Changes preferences here alone, until they are sent and `releasePreferences` is called. */
export function holdPreferences(patch: Partial<Preferences>): void {
  held = { ...held, ...patch };
  useSession.setState(({ preferences }) => ({ preferences: { ...preferences, ...patch } }));
}

/** Ends what `holdPreferences` began: the host's word counts again. */
export function releasePreferences(): void {
  held = {};
}

/** Shows a remark until it is dismissed or newer ones push it out. */
export function addNotice(notice: EventPayload<'app.notice'>): void {
  const entry: Notice = { ...notice, id: ++notices };
  useSession.setState((state) => ({ notices: [...state.notices, entry].slice(-NOTICES_KEPT) }));
}

/** Shows a remark of the window's own, such as what was done and how to take it back. */
export function say(level: Notice['level'], text: string, action?: Notice['action']): void {
  const entry: Notice = { level, code: 'window', message: '', text, id: ++notices, ...(action && { action }) };
  useSession.setState((state) => ({ notices: [...state.notices, entry].slice(-NOTICES_KEPT) }));
}

export function dismissNotice(id: number): void {
  useSession.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }));
}

/** Says what went wrong with something that the person asked for; a cancelled call is no failure. */
export function fail(error: unknown): void {
  const code = errorCode(error);
  if (code === 'engine/cancelled') return;
  addNotice({ level: 'error', code, message: error instanceof Error ? error.message : String(error) });
}
