import react from '@vitejs/plugin-react';
import { defineConfig, type UserConfig } from 'vite';

/**
 * Bundles what runs in a browser: `--mode window` the page, `--mode bridge` its door to the web host, `--mode preload`
 * Electron's preload script, which the sandbox wants as one CommonJS file.
 */
const BUNDLES: Readonly<Record<string, UserConfig>> = {
  window: {
    root: 'renderer',
    base: './',
    plugins: [react()],
    build: {
      outDir: '../dist/renderer',
      emptyOutDir: true,
      target: 'chrome130',
      // Inlined images and fonts would need 'data:' in the content security policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // It comes from this machine.
      chunkSizeWarningLimit: 2000,
    },
  },
  bridge: {
    build: {
      outDir: 'dist/renderer',
      emptyOutDir: false,
      target: 'chrome130',
      lib: { entry: 'preload/web.ts', formats: ['iife'], name: 'stillgrainBridge', fileName: () => 'bridge.js' },
    },
  },
  preload: {
    build: {
      outDir: 'dist/preload-bundle',
      emptyOutDir: true,
      target: 'chrome130',
      lib: { entry: 'preload/desktop.ts', formats: ['cjs'], fileName: () => 'desktop.cjs' },
      rolldownOptions: { external: ['electron', 'electron/renderer'] },
    },
  },
};

export default defineConfig(({ mode }) => {
  const bundle = BUNDLES[mode];
  if (bundle === undefined) throw new Error(`there is no bundle '${mode}': ${Object.keys(BUNDLES).join(', ')}`);
  return { ...bundle, logLevel: 'warn', define: { 'process.env.NODE_ENV': '"production"' }, publicDir: false };
});
