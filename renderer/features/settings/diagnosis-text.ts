import type { AppInfo, EngineInfo } from '../../../preload/contract.js';

/** What a diagnosis says, in English and in full, to be sent to whoever helps. It holds no path and no name of a photo. */
export function diagnosisText(app: Pick<AppInfo, 'version' | 'host' | 'platform'>, info: EngineInfo): string {
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
  const { memory } = info;
  return [
    `Stillgrain ${app.version} (${app.host}, ${app.platform})`,
    ...info.providers.map(({ name, present, works, detail }) => {
      const state = works ? 'works' : present ? 'does not work' : 'not in this build';
      return `${name}: ${state}${detail === '' ? '' : ` (${detail})`}`;
    }),
    `memory: ${megabytes(memory.totalBytes)}, free ${megabytes(memory.freeBytes)}, budget ${megabytes(memory.budgetBytes)}`,
    `threads: ${info.threads}`,
    `formats: ${info.formats.join(', ')}`,
    ...Object.entries(info.versions).map(([name, version]) => `${name} ${version}`),
  ].join('\n');
}
