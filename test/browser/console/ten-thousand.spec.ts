import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOrigin, type Origin } from '../../support/origin.js';
import { startChromium } from '../support/chromium.js';
import { ConsolePage } from './support/console-page.js';
import { newPartner, type Partner } from './support/partner.js';
import { entry } from './support/scene.js';

const ITEMS = 10_000;
const MOST_ROWS = 200;

interface TraceEvent {
  name: string;
  /** Of processor time of the thread, in microseconds: other programs of the machine do not count. */
  tdur?: number;
}

let browser: Browser;
let origin: Origin;
let partner: Partner;
let id: string;

beforeAll(async () => {
  [browser, origin, partner] = await Promise.all([startChromium(), startOrigin(), newPartner()]);
  // All fail at once: the page has the same work with them, and the test less.
  id = await partner.api.importVideos(
    'archive',
    Array.from({ length: ITEMS }, (_, index) => entry(`item-${index}`, origin.url(`/none-${index}.mp4`))),
  );
});
afterAll(async () => {
  await browser?.close();
  await origin?.close();
});

/** Milliseconds of the longest task of the page; beyond 50, people notice missing frames (RAIL). */
async function longestTask(at: ConsolePage, act: () => Promise<void>): Promise<number> {
  await browser.startTracing(at.page, { categories: ['toplevel', 'devtools.timeline'] });
  await act();
  const { traceEvents }: { traceEvents: TraceEvent[] } = JSON.parse(String(await browser.stopTracing()));
  const tasks = traceEvents.filter(
    ({ name }) => name === 'RunTask' || name === 'ThreadControllerImpl::RunTask',
  );
  expect(tasks.length).toBeGreaterThan(0);
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur / 1_000));
}

/** Notes on the page when the first row is there: from the start of the navigation, without the time of this test. */
const NOTE_FIRST_ROW = `new MutationObserver((_, observer) => {
  if (document.querySelector('[role="listitem"] a') === null) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => performance.mark('first row')));
}).observe(document, { childList: true, subtree: true });`;

async function firstRowMs(): Promise<number> {
  const at = await ConsolePage.open(browser, `/imports/${id}`, {
    token: partner.token,
    script: NOTE_FIRST_ROW,
  });
  const list = at.page.getByRole('group', { name: 'Items' });
  await list.getByRole('link', { name: 'Title of item-0', exact: true }).waitFor();
  const marked = `performance.getEntriesByName('first row')[0]?.startTime ?? 0`;
  await expect.poll(() => at.page.evaluate<number>(marked)).toBeGreaterThan(0);
  expect(await list.getByRole('listitem').count()).toBeLessThanOrEqual(MOST_ROWS);
  const ms = await at.page.evaluate<number>(marked);
  await at.close();
  return Math.round(ms);
}

describe('an import of 10 000 items', () => {
  it('shows its first rows while the others are on their way, and few rows at once', async () => {
    await partner.api.finished(id);
    const times = [await firstRowMs(), await firstRowMs(), await firstRowMs()];
    expect(times.every((ms) => ms > 0)).toBe(true);
    process.stdout.write(`First rows of ${ITEMS} items after ${times.join(', ')} ms\n`);
  });

  it('scrolls to its end', async () => {
    const at = await ConsolePage.open(browser, `/imports/${id}`, { token: partner.token });
    const list = at.page.getByRole('group', { name: 'Items' });
    await list.getByRole('link', { name: 'Title of item-0', exact: true }).waitFor();
    const scroll = async (): Promise<void> => {
      for (let row = 0; row < ITEMS; row += 500) {
        await at.page.evaluate(
          `(() => { const list = document.querySelector('[role="group"]');
             list.scrollTop = ${row / ITEMS} * list.scrollHeight; })()`,
        );
        await list.getByRole('link', { name: `Title of item-${row}`, exact: true }).waitFor();
        expect(await list.getByRole('listitem').count()).toBeLessThanOrEqual(MOST_ROWS);
      }
    };
    process.stdout.write(`Longest task while scrolling: ${await longestTask(at, scroll)} ms\n`);
    expect(await at.violations()).toEqual([]);
    expect(at.errors).toEqual([]);
    await at.close();
  });
});
