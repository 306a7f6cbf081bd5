import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { startChromium } from '../../support/chromium.js';
import { ConsolePage, type OpenOptions } from './console-page.js';

export type OpenConsole = (path?: string, options?: OpenOptions) => Promise<ConsolePage>;

/**
 * Starts a browser for the tests of a file. Its pages are closed after each test, which fails if one of them has sent a
 * request to another server.
 *
 * @param token that of pages which name no other one; by default they are not signed in
 */
export function useConsole(token?: () => string): OpenConsole {
  let browser: Browser | undefined;
  const pages: ConsolePage[] = [];

  beforeAll(async () => {
    browser = await startChromium();
  });
  afterEach(async () => {
    const opened = pages.splice(0);
    await Promise.all(opened.map((page) => page.close()));
    const strangers = opened.flatMap((page) => page.strangers);
    if (strangers.length > 0) throw new Error(`Requests to others: ${strangers.join(' ')}`);
  });
  afterAll(() => browser?.close());

  return async (path, options) => {
    if (browser === undefined) throw new Error('The browser starts before the first test');
    const signedIn = token === undefined ? {} : { token: token() };
    const opened = await ConsolePage.open(browser, path, { ...signedIn, ...options });
    pages.push(opened);
    return opened;
  };
}
