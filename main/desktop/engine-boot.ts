import Module from 'node:module';

/**
 * First script of an engine's utility process: readies it, then loads the engine whose URL it was given. Native sharp
 * can crash in every process of Electron on Linux (its GLib meets Chromium's), and sharp takes the WebAssembly build only
 * where it finds no native one: so it finds none.
 */

interface Resolver {
  _resolveFilename(request: string, ...rest: unknown[]): string;
}

/** Whether a package is one of sharp's native builds. */
const isNativeSharp = (request: string): boolean => /^@img\/sharp-(libvips-)?linux(musl)?-/.test(request);

/** Makes sharp's native builds for Linux impossible to find. */
export function hideNativeSharp(resolver: Resolver): void {
  const resolve = resolver._resolveFilename.bind(resolver);
  resolver._resolveFilename = (request, ...rest) => {
    if (!isNativeSharp(request)) return resolve(request, ...rest);
    throw Object.assign(new Error(`'${request}' does not work in Electron`), { code: 'MODULE_NOT_FOUND' });
  };
}

const engine = process.argv.at(-1);
if ('parentPort' in process && engine !== undefined) {
  if (process.platform === 'linux') hideNativeSharp(Module as unknown as Resolver);
  await import(engine);
}
