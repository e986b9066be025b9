import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Provider } from '../../../preload/contract.js';

/**
 * Which devices and drivers a machine has, as a short text that changes when they do. It need not name them: a verdict of
 * another driver does not count, that is all. The processor is part of it, since speeds are multiples of its own.
 */
export async function driverIdentity(provider: Provider): Promise<string> {
  const facts = [cpus()[0]?.model ?? '', String(cpus().length), release(), ...(await systemFacts(provider))];
  return createHash('sha256').update(facts.join('\n')).digest('hex').slice(0, 16);
}

function systemFacts(provider: Provider): Promise<string[]> {
  if (provider === 'cpu') return Promise.resolve([]);
  switch (process.platform) {
    case 'linux':
      return linuxFacts(provider);
    case 'win32':
      return windowsFacts();
    default:
      // macOS brings its drivers along: its version is theirs.
      return Promise.resolve([]);
  }
}

const CARDS = '/sys/class/drm';
const VULKAN_FOLDERS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];

async function linuxFacts(provider: Provider): Promise<string[]> {
  const nvidia = await text('/proc/driver/nvidia/version');
  const cards = (await names(CARDS)).filter((name) => /^card\d+$/.test(name));
  const devices = await Promise.all(
    cards.flatMap((card) => ['vendor', 'device'].map((part) => text(join(CARDS, card, 'device', part)))),
  );
  const libraries = process.env['LD_LIBRARY_PATH'] ?? '';
  if (provider === 'cuda') return [nvidia, libraries, ...devices];
  // What Vulkan is told to use comes before what is installed.
  const told = (process.env['VK_DRIVER_FILES'] ?? process.env['VK_ICD_FILENAMES'] ?? '').split(':').filter(Boolean);
  const installed = await Promise.all(
    VULKAN_FOLDERS.map(async (folder) => (await names(folder)).map((name) => join(folder, name))),
  );
  const drivers = await Promise.all((told.length > 0 ? told : installed.flat()).map(stamp));
  return [nvidia, libraries, ...devices, ...drivers];
}

/** Where Windows keeps the versions of display drivers. */
const DISPLAY_CLASS = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}';
const REGISTRY_PATIENCE_MS = 5000;

async function windowsFacts(): Promise<string[]> {
  const query = (value: string): Promise<string> =>
    promisify(execFile)('reg', ['query', DISPLAY_CLASS, '/s', '/v', value], { timeout: REGISTRY_PATIENCE_MS }).then(
      ({ stdout }) => stdout,
      () => '',
    );
  return Promise.all([query('DriverVersion'), query('DriverDesc')]);
}

const names = (folder: string): Promise<string[]> =>
  readdir(folder).then(
    (found) => found.toSorted(),
    () => [],
  );

const text = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

/** A file by its name and when it was installed: an updated driver is another. */
const stamp = (file: string): Promise<string> =>
  stat(file).then(
    ({ size, mtimeMs }) => `${file} ${size} ${mtimeMs}`,
    () => file,
  );
