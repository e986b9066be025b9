import { describe, expect, it, vi } from 'vitest';
import { updatePolicy, Updates, type Updater, type UpdateVoice } from '../../../main/desktop/updates.js';

const packaged = { isPackaged: true, hasFeed: true, platform: 'darwin', appImage: undefined, choice: undefined };

describe('updates', () => {
  it.each([
    ['in development', { isPackaged: false }, 'off'],
    ['without a feed', { hasFeed: false }, 'off'],
    ['when turned off', { choice: 'off' }, 'off'],
    ['when only asked for', { choice: 'ask' }, 'ask'],
    ['in a package', {}, 'notify'],
    ['in a package with a choice that is unknown', { choice: 'always' }, 'notify'],
    ['in a package of a distribution', { platform: 'linux' }, 'off'],
    ['in an AppImage', { platform: 'linux', appImage: '/home/a/Stillgrain.AppImage' }, 'notify'],
  ] as const)('%s are as they should be', (_, changes, policy) => {
    expect(updatePolicy({ ...packaged, ...changes })).toBe(policy);
  });
});

function harness(newer: string | null, answers: { download?: boolean; install?: boolean } = {}) {
  const updater = {
    autoDownload: true,
    autoInstallOnAppQuit: true,
    checkForUpdates: vi.fn(() =>
      Promise.resolve({ isUpdateAvailable: newer !== null, updateInfo: { version: newer ?? '0.1.0' } }),
    ),
    downloadUpdate: vi.fn(() => Promise.resolve([])),
    quitAndInstall: vi.fn(),
  } satisfies Updater;
  const voice = {
    confirmDownload: vi.fn(() => Promise.resolve(answers.download ?? false)),
    confirmInstall: vi.fn(() => Promise.resolve(answers.install ?? false)),
    announce: vi.fn(),
    upToDate: vi.fn(),
    failed: vi.fn(),
  } satisfies UpdateVoice;
  const load = vi.fn(() => Promise.resolve(updater as Updater));
  const beforeInstall = vi.fn(() => Promise.resolve());
  return { updater, voice, load, beforeInstall, updates: new Updates(load, voice, beforeInstall) };
}

describe('looking quietly', () => {
  it('tells of a new version and fetches nothing', async () => {
    const { updates, updater, voice } = harness('0.2.0');
    await updates.lookQuietly(vi.fn());
    expect(voice.announce.mock.calls).toEqual([['0.2.0']]);
    expect(updater.autoDownload).toBe(false);
    expect(updater.autoInstallOnAppQuit).toBe(false);
    expect(updater.downloadUpdate).not.toHaveBeenCalled();
  });

  it('says nothing when there is none, or when it does not work', async () => {
    const { updates, updater, voice } = harness(null);
    const onFault = vi.fn();
    await updates.lookQuietly(onFault);
    expect(onFault).not.toHaveBeenCalled();
    updater.checkForUpdates.mockRejectedValueOnce(new Error('net::ERR_INTERNET_DISCONNECTED'));
    await updates.lookQuietly(onFault);
    expect(onFault).toHaveBeenCalledOnce();
    expect(voice.announce).not.toHaveBeenCalled();
    expect(voice.failed).not.toHaveBeenCalled();
  });
});

describe('asking', () => {
  it.each([
    [{}, 0, 0],
    [{ download: true }, 1, 0],
    [{ download: true, install: true }, 1, 1],
  ])('fetches and installs only with a yes to each: %j', async (answers, downloads, installs) => {
    const { updates, updater, beforeInstall } = harness('0.2.0', answers);
    await updates.ask();
    expect(beforeInstall).toHaveBeenCalledTimes(installs);
    expect(updater.downloadUpdate).toHaveBeenCalledTimes(downloads);
    expect(updater.quitAndInstall).toHaveBeenCalledTimes(installs);
  });

  it('answers, whatever there is', async () => {
    const { updates, updater, voice } = harness(null);
    await updates.ask();
    expect(voice.upToDate).toHaveBeenCalledOnce();
    updater.checkForUpdates.mockRejectedValueOnce(new Error('the server is away\n    at somewhere'));
    await updates.ask();
    expect(voice.failed.mock.calls).toEqual([['the server is away']]);
  });

  it('asks one question at a time', async () => {
    const { updates, voice } = harness('0.2.0');
    await Promise.all([updates.ask(), updates.ask()]);
    expect(voice.confirmDownload).toHaveBeenCalledOnce();
    await updates.ask();
    expect(voice.confirmDownload).toHaveBeenCalledTimes(2);
  });
});
