import { defineConfig } from 'vitest/config';

/** What a team gets: packages that depend on the packed tarball, installed by npm in a folder outside of this one. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    setupFiles: ['test/support/slow-failure.setup.ts'],
    globalSetup: ['test/extension/support/installed.global-setup.ts'],
    include: ['test/extension/**/*.spec.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Each package compiles, tests and starts an installation of its own, and waits half of that time.
    maxConcurrency: 3,
    expect: { poll: { timeout: 60_000 } },
  },
});
