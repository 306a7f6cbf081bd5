import { defineConfig } from 'vitest/config';

/** The chaos suite: every file brings up services of its own, so that they can be ended under their clients. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    globalSetup: ['test/chaos/support/database-template.global-setup.ts'],
    include: ['test/chaos/**/*.spec.ts'],
    testTimeout: 600_000,
    hookTimeout: 300_000,
    // Much of a case is waiting for leases and grace periods to end, in which another one can work.
    maxWorkers: 4,
    // Modules keep nothing from file to file, and loading them takes as long as a case.
    isolate: false,
  },
});
