import { defineConfig } from 'vitest/config';
import browser from './vitest.browser.config.js';

/** Makes the pictures of the console for the documents: `npm run screenshots`. */
export default defineConfig({
  ...browser,
  test: { ...browser.test, include: ['test/browser/console/*.pictures.ts'] },
});
