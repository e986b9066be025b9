import { defineConfig } from 'vitest/config';

interface Kind {
  readonly name: string;
  readonly include: string[];
  readonly exclude?: string[];
  readonly testTimeout: number;
  readonly fileParallelism: boolean;
  /** Kinds run one after the other, lowest first. */
  readonly groupOrder: number;
  /** Between two looks at what is waited for; vitest's 50 ms when not given. */
  readonly pollIntervalMs?: number;
  /** Further tries of a test that failed. */
  readonly retry?: number;
  /** Loaded before each file. */
  readonly setupFiles?: string[];
  /** Whether each file gets a process of its own; vitest's default is that it does. */
  readonly isolate?: boolean;
}

/** What is waited for comes when a busy machine gets to it; vitest's one second is for idle ones. */
const POLL_TIMEOUT_MS = 20_000;

/** They run graphs, or read and write images, in their own process, or wait for nothing but the ends of commands. */
const GRAPHS = [
  'tests/integration/{onnx,gradient,codec,generate,learn}-*.test.ts',
  'tests/integration/{generate,learn,model-library}.test.ts',
  'tests/integration/training-{autoencoder,objectives,reference,step,vae-graphs}.test.ts',
  'tests/integration/cli-{generate,gradient,models,output,usage}.test.ts',
];

/** Two files at a time, each with half of the cores, take less time than one after the other on all of them. */
const OWN_CORES = ['tests/support/own-cores.ts'];

const project = ({ groupOrder, testTimeout, pollIntervalMs = 50, ...kind }: Kind) => ({
  test: {
    ...kind,
    testTimeout,
    hookTimeout: testTimeout,
    expect: { poll: { timeout: POLL_TIMEOUT_MS, interval: pollIntervalMs } },
    pool: 'forks' as const,
    sequence: { groupOrder },
  },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    globalSetup: 'scripts/bundles.mjs',
    projects: [
      project({
        name: 'unit',
        include: ['tests/unit/**/*.test.ts', 'tests/architecture/**/*.test.ts'],
        testTimeout: 30_000,
        fileParallelism: true,
        // Two hundred processes that each load what they test took longer than the tests themselves.
        isolate: false,
        groupOrder: 0,
      }),
      project({
        name: 'graphs',
        include: GRAPHS,
        setupFiles: OWN_CORES,
        testTimeout: 300_000,
        fileParallelism: true,
        isolate: false,
        groupOrder: 0,
      }),
      // Integration tests start real engine processes, which keep to the cores of their file.
      project({
        name: 'integration',
        include: ['tests/integration/**/*.test.ts'],
        exclude: GRAPHS,
        setupFiles: OWN_CORES,
        testTimeout: 300_000,
        fileParallelism: true,
        isolate: false,
        groupOrder: 1,
      }),
      // End-to-end tests drive the built page in Chromium against the real engine.
      project({
        name: 'e2e',
        include: ['tests/e2e/**/*.test.ts'],
        setupFiles: OWN_CORES,
        testTimeout: 180_000,
        fileParallelism: true,
        isolate: false,
        // A look is often a picture of the page, taken with the cores that the engine needs for what is waited for.
        pollIntervalMs: 200,
        // A browser, a server and two engines on two cores: what is slow once is not broken. What is broken fails again.
        retry: 2,
        groupOrder: 2,
      }),
    ],
  },
});
