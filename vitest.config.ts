import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    conditions: ['source'],
    // Examples of the documents import the client as partners do.
    alias: { '@reelport/client': resolve('libs/client/src/index.ts') },
  },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    globalSetup: ['test/support/services.global-setup.ts'],
    setupFiles: ['test/support/slow-failure.setup.ts'],
    // Most of a test is waiting: with one file per core, two cores were idle three quarters of the time.
    maxWorkers: Math.max(4, availableParallelism()),
    // Loading Nest and TypeORM anew for each file took a third of the time of all tests in src.
    isolate: false,
    testTimeout: 180_000,
    hookTimeout: 120_000,
    // A busy machine is no reason to fail: what is waited for comes, or the test is over anyway.
    expect: { poll: { timeout: 30_000 } },
    include: ['src/**/*.spec.ts', 'libs/**/*.spec.ts', 'test/**/*.spec.ts'],
    // They have configurations of their own, and take their time: vitest.chaos.config.ts and the others.
    exclude: [
      ...configDefaults.exclude,
      'test/chaos/**',
      'test/browser/**',
      'test/extension/**',
      'test/receivers/**',
    ],
  },
});
