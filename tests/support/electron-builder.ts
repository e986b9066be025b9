import { createRequire } from 'node:module';

/** The parts of electron-builder that decide what goes into a package, as it uses them itself. */

export interface BuilderConfig {
  readonly [key: string]: unknown;
}

/** A filter as the builder applies it to each file that it walks over. */
export type BuilderFilter = (file: string, stat: { isDirectory(): boolean }) => boolean;

interface FileMatcher {
  createFilter(): BuilderFilter;
}

interface Matchers {
  FileMatcher: new (
    from: string,
    to: string,
    expand: (pattern: string) => string,
    patterns: readonly string[],
  ) => FileMatcher;
  getNodeModuleFileMatcher: (
    app: string,
    destination: string,
    expand: (pattern: string) => string,
    platformOptions: unknown,
    packager: unknown,
  ) => FileMatcher;
}

interface Configs {
  getConfig(project: string, file: string | null, options: unknown): Promise<BuilderConfig>;
  validateConfiguration(config: BuilderConfig, log: unknown): Promise<void>;
}

// The library is not a dependency of ours: it comes with the builder, and is found from there.
const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder/package.json'));
const matchers = builder('app-builder-lib/out/fileMatcher') as Matchers;
const configs = builder('app-builder-lib/out/util/config/config') as Configs;

const debugLogger = { isEnabled: false, add: () => undefined };
const expander = (arch: string) => (pattern: string) => pattern.replaceAll('${arch}', arch);

/** Reads a configuration file as the builder does. */
export const readBuilderConfig = (project: string, file: string): Promise<BuilderConfig> =>
  configs.getConfig(project, file, null);

/** Rejects with what is wrong with a configuration. */
export const validateBuilderConfig = (config: BuilderConfig): Promise<void> =>
  configs.validateConfiguration(config, debugLogger);

/** Which files of node_modules a build for a system takes. */
export function nodeModulesFilter(root: string, config: BuilderConfig, system: string, arch: string): BuilderFilter {
  const options = config[system];
  return matchers.getNodeModuleFileMatcher(root, root, expander(arch), options, { config, debugLogger }).createFilter();
}

/** Files that fit a list of the configuration's patterns. */
export function patternFilter(root: string, patterns: readonly string[], arch = 'x64'): BuilderFilter {
  return new matchers.FileMatcher(root, root, expander(arch), patterns).createFilter();
}
