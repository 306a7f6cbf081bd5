import { defineConfig } from 'vitest/config';

/** What people see: pages in a real Chromium, served by a real Reelport. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    setupFiles: ['test/support/slow-failure.setup.ts'],
    globalSetup: [
      'test/browser/support/chromium.global-setup.ts',
      'test/browser/console/support/reelport.global-setup.ts',
    ],
    include: ['test/browser/**/*.spec.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
