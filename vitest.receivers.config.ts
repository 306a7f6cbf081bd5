import { defineConfig } from 'vitest/config';

/** The webhook receivers in docs/webhooks, each in its language; missing ones are installed. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    setupFiles: ['test/support/slow-failure.setup.ts'],
    include: ['test/receivers/**/*.spec.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
