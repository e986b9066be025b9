import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], testTimeout: number, fileParallelism: boolean) => ({
  test: { name, include, testTimeout, hookTimeout: testTimeout, pool: 'forks' as const, fileParallelism },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      project('unit', ['tests/unit/**/*.test.ts', 'tests/architecture/**/*.test.ts'], 30_000, true),
      // Integration tests start real engine processes that use every core: one file at a time.
      project('integration', ['tests/integration/**/*.test.ts'], 300_000, false),
    ],
  },
});
