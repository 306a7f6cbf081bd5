import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOrigin, type Origin } from '../../support/origin.js';
import { startReceiver } from '../../support/receiver.js';
import type { ConsolePage } from './support/console-page.js';
import { useConsole } from './support/open-console.js';
import { newPartner, type Partner } from './support/partner.js';
import { entry, newMp4 } from './support/scene.js';

const NARROW = { viewport: { width: 360, height: 800 } };
/** With and without the navigation beside the page, and just before and after tables become cards. */
const WIDTHS = [360, 600, 753, 768, 840, 959, 960, 1_024, 1_100, 1_200, 1_240, 1_280, 1_440];
/** As long as a UUID. */
const LONG_ID = 'b0a1f7c2-5d1e-4c55-9f0e-0d9a4f3c2b11';

let origin: Origin;
let partner: Partner;
let id: string;

const entries = (at: ConsolePage): Locator => at.page.getByRole('main').locator('ol > li');
const open = useConsole(() => partner.token);

beforeAll(async () => {
  [origin, partner] = await Promise.all([startOrigin(), newPartner()]);
  for (const name of ['one', 'two']) origin.serve(`/${name}.mp4`, newMp4());
  id = await partner.api.importVideos('newsroom', [
    entry('one', origin.url('/one.mp4')),
    entry('two', origin.url('/two.mp4')),
    ...['gone', LONG_ID].map((name) => entry(name, origin.url(`/${name}.mp4`), 'Film of the harbour')),
  ]);
  await partner.api.finished(id);
});
afterAll(async () => {
  await origin?.close();
});

describe('an import of which a part has failed', () => {
  it('is no plain success in the list, and its failures are a link', async () => {
    const at = await open('/imports');
    const row = at.page.locator('tbody tr');
    await expect.poll(() => row.locator('.badge').textContent()).toBe('Success, with failures');
    expect(await at.violations()).toEqual([]);
    await row.getByRole('link', { name: '2 failed' }).click();
    await at.page.getByRole('article').waitFor();
    expect(at.path).toBe(`/imports/${id}?tab=failures`);
  });

  it('says so in its header, and its number of failures is a link', async () => {
    const at = await open(`/imports/${id}`);
    await at.heading('newsroom');
    await expect.poll(() => at.page.locator('header .badge').textContent()).toBe('Success, with failures');
    const progress = at.page.getByRole('region', { name: 'Progress' });
    await progress.getByRole('link', { name: /2\s*Failed/ }).click();
    await at.page.getByRole('article').waitFor();
    expect(at.path).toBe(`/imports/${id}?tab=failures`);
    expect(await at.violations()).toEqual([]);
  });
});

describe('a section that does not exist', () => {
  it('is that of the items', async () => {
    const at = await open(`/imports/${id}?tab=nothing`);
    await at.page.getByRole('navigation', { name: 'Sections' }).waitFor();
    await at.page.getByRole('listitem').filter({ hasText: 'Title of one' }).waitFor();
    const sections = at.page.getByRole('navigation', { name: 'Sections' });
    expect(await sections.locator('[aria-current]').innerText()).toMatch(/^Items/);
    expect(await at.violations()).toEqual([]);
  });
});

describe('a window of 360 pixels', () => {
  it('has figures without holes, and JSON over its whole width', async () => {
    const at = await open(`/imports/${id}`, { ...NARROW, locale: 'de-DE' });
    const progress = at.page.getByRole('region', { name: 'Fortschritt' });
    await progress.getByText('Importiert').waitFor();
    const figures = await progress
      .locator('.figure')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect()));
    const holes = figures.filter(({ left, bottom }, index) => {
      const before = figures[index - 1];
      return before?.bottom === bottom && left - before.right > 30;
    });
    expect(figures.length).toBeGreaterThan(3);
    expect(holes).toEqual([]);
    await at.page.goto(`${at.server}/console/imports/${id}/items/0`);
    const json = at.page.getByLabel('Gesendeter Eintrag');
    await json.waitFor();
    expect((await json.boundingBox())?.width).toBeGreaterThan(290);
    expect(await at.overflow()).toBe(0);
    expect(await at.violations()).toEqual([]);
  });

  it('shows title, id, state and reason of each item', async () => {
    const at = await open(`/imports/${id}`, NARROW);
    const rows = at.page.getByRole('group', { name: 'Items' }).getByRole('listitem');
    await expect.poll(() => rows.count()).toBe(4);
    const failed = rows.filter({ hasText: LONG_ID });
    for (const text of ['Film of the harbour', LONG_ID, 'Failed', 'HTTP_STATUS']) {
      const part = failed.getByText(text, { exact: true });
      expect(await part.isVisible()).toBe(true);
      expect(await part.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
    }
    expect(await failed.getByText(/404/).isVisible()).toBe(true);
    const overlaps = await rows.evaluateAll((slots) =>
      slots.map(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight),
    );
    expect(overlaps).toEqual([0, 0, 0, 0]);
    expect(await at.overflow()).toBe(0);
    expect(await at.violations()).toEqual([]);
    await at.shot('narrow-items');
  });

  it('shows the tab that is chosen', async () => {
    const at = await open(`/imports/${id}?tab=json`, NARROW);
    const tabs = at.page.getByRole('navigation', { name: 'Sections' });
    const tab = tabs.getByRole('link', { name: 'JSON' });
    await tab.waitFor();
    const isShown = async (): Promise<boolean> => {
      const [outer, inner] = [await tabs.boundingBox(), await tab.boundingBox()];
      if (outer === null || inner === null) return false;
      return inner.x >= outer.x && inner.x + inner.width <= outer.x + outer.width + 1;
    };
    await expect.poll(isShown).toBe(true);
  });
});

describe('a table', () => {
  it.each(['/imports', '/webhooks', '/tokens'])('fits every window: %s', async (path) => {
    const receiver = await startReceiver();
    receiver.answer({ status: 500 });
    const other = await newPartner();
    await other.api.importVideos('newsroom', [entry('gone', origin.url('/gone.mp4'))], {
      webhook: receiver.url('/hooks/of/the/content/platform'),
    });
    await receiver.waitForDelivery();
    const at = await open(path, { locale: 'de-DE', token: other.token });
    await at.page.locator('tbody tr').first().waitFor();
    const overflows: Record<number, number> = {};
    for (const width of WIDTHS) {
      await at.page.setViewportSize({ width, height: 800 });
      overflows[width] = await at.overflow();
    }
    expect(overflows).toEqual(Object.fromEntries(WIDTHS.map((width) => [width, 0])));
    await receiver.close();
  });
});

describe('a host', () => {
  it('is reachable, paused or tested, with the state of its circuit as the title', async () => {
    const at = await open(`/imports/${id}?tab=hosts`, { locale: 'de-DE' });
    const badge = at.page.getByRole('article').getByText('erreichbar', { exact: true });
    await badge.waitFor();
    expect(await badge.getAttribute('title')).toBe('Circuit: closed');
  });
});

describe('failures that are retried', () => {
  it('say one time once, and that what is due comes at any moment', async () => {
    const pausing = await startOrigin({ host: '127.0.0.8' });
    pausing.script('/busy.mp4', [{ retryAfter: 1_800 }]);
    const other = await newPartner();
    const busy = await other.api.importVideos('busy', [entry('busy', pausing.url('/busy.mp4'))]);
    const path = `/imports/${busy}?tab=failures`;
    const at = await open(path, { token: other.token });
    await at.page.getByRole('article').waitFor();
    await at.page.getByRole('link', { name: 'Show the items' }).click();
    const row = at.page.getByRole('listitem').filter({ hasText: 'Title of busy' });
    await expect.poll(() => row.textContent()).toMatch(/HTTP_STATUS\s*Next attempt: in \d+ minutes/);
    await at.page.goBack();
    await at.page.clock.setFixedTime(Date.now() + 2 * 86_400_000);
    await at.page.goto(`${at.server}/console${path}`);
    const text = (): Promise<string | null> => at.page.getByRole('article').textContent();
    await expect.poll(text).toContain('tries again by itself, at any moment.');
    expect((await text())?.match(/2 days ago/g)).toHaveLength(1);
    expect(await at.violations()).toEqual([]);
    await pausing.close();
  });
});

describe('an import of which nothing runs', () => {
  it('has hosts whose numbers line up in a narrow window', async () => {
    const other = await newPartner();
    await other.api.importVideos('later', [entry('one', origin.url('/one.mp4'))], {
      notBefore: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const at = await open('/waiting', { ...NARROW, locale: 'de-DE', token: other.token });
    const numbers = at.page.getByRole('article').locator('dd');
    await numbers.first().waitFor();
    const tops = await numbers.evaluateAll((all) => all.map((each) => each.getBoundingClientRect().top));
    expect(tops).toHaveLength(3);
    expect(new Set(tops).size).toBe(1);
    expect(await at.overflow()).toBe(0);
  });

  it('has a dash for its rate, and no plot of it', async () => {
    const pausing = await startOrigin({ host: '127.0.0.9' });
    pausing.script('/busy.mp4', [{ retryAfter: 1_800 }]);
    const other = await newPartner();
    const busy = await other.api.importVideos('busy', [entry('busy', pausing.url('/busy.mp4'))]);
    const at = await open('/', { token: other.token });
    let hosts = 0;
    at.page.on('response', (response) => (hosts += Number(response.url().endsWith('/hosts'))));
    await at.page.goto(`${at.server}/console/imports/${busy}?state=pending`);
    await at.page.getByRole('listitem').getByText('HTTP_STATUS').waitFor();
    const progress = at.page.getByRole('region', { name: 'Progress' });
    await expect.poll(() => progress.textContent()).toMatch(/–\s*Rate\s*–\s*Time left/);
    // Enough samples for a line.
    await expect.poll(() => hosts).toBeGreaterThan(4);
    expect(await progress.textContent()).toMatch(/–\s*Rate/);
    expect(await progress.getByRole('figure').count()).toBe(0);
    expect(await at.violations()).toEqual([]);
    await pausing.close();
  });
});

describe('an import that starts later', () => {
  it('is scheduled, not running, and says when it starts', async () => {
    const other = await newPartner();
    const later = await other.api.importVideos('later', [entry('one', origin.url('/one.mp4'))], {
      notBefore: new Date(Date.now() + 2 * 3_600_000).toISOString(),
    });
    const at = await open('/imports', { token: other.token });
    await expect.poll(() => at.page.locator('tbody .badge').textContent()).toBe('Scheduled');
    await at.page.goto(`${at.server}/console/imports/${later}`);
    const progress = at.page.getByRole('region', { name: 'Progress' });
    await expect.poll(() => progress.textContent()).toMatch(/in 1 hour\s*Starts/);
    expect(await progress.textContent()).not.toContain('measuring');
    expect(await at.page.locator('header .badge').textContent()).toBe('Scheduled');
    await at.page.getByText('1 item', { exact: true }).waitFor();
    expect(await at.violations()).toEqual([]);
    await progress.getByRole('link', { name: /1\s*Pending/ }).click();
    await at.page.getByText('The import is scheduled for later.').waitFor();
  });
});

describe('the page of an item', () => {
  it('says when the item finished, and after how many attempts', async () => {
    const { body } = await partner.api.call<{ finishedAt: string }>('GET', `/api/v1/imports/${id}/items/0`);
    const at = await open(`/imports/${id}/items/0`);
    await expect.poll(() => entries(at).count()).toBe(1);
    await expect.poll(() => entries(at).innerText()).toMatch(/^Success\s+.+ ago · 1 attempt$/);
    expect(await entries(at).locator('time').getAttribute('datetime')).toBe(body.finishedAt);
    expect(await at.violations()).toEqual([]);
  });

  it('says when an item was cancelled that no attempt has failed', async () => {
    const other = await newPartner();
    const later = await other.api.importVideos('later', [entry('one', origin.url('/one.mp4'))], {
      notBefore: new Date(Date.now() + 3_600_000).toISOString(),
    });
    await other.api.call('POST', `/api/v1/imports/${later}/cancel`, { body: {} });
    const at = await open(`/imports/${later}/items/0`, { token: other.token });
    await expect.poll(() => entries(at).innerText()).toMatch(/^Failed\s+CANCELLED\s+.+ ago$/);
    expect(await at.violations()).toEqual([]);
  });
});

describe('an import in progress', () => {
  it('has a plot of its rate', async () => {
    const other = await newPartner();
    origin.serve('/held.mp4', newMp4(), { hang: 'body' });
    const held = await other.api.importVideos('held', [entry('held', origin.url('/held.mp4'))]);
    const at = await open(`/imports/${held}`, { token: other.token });
    const plot = at.page.getByRole('figure', { name: 'Finished items per second' });
    await plot.locator('canvas').waitFor();
    expect(await at.violations()).toEqual([]);
    expect(at.errors).toEqual([]);
    origin.release('/held.mp4');
    await plot.waitFor({ state: 'detached' });
  });
});

describe('an import that was retried', () => {
  beforeAll(async () => {
    await partner.api.call('POST', `/api/v1/imports/${id}/retry`, { body: {} });
    await partner.api.finished(id);
  });

  it('says that the time it took is that of the latest run, whose items are a filter', async () => {
    const at = await open(`/imports/${id}`);
    const progress = at.page.getByRole('region', { name: 'Progress' });
    await progress.getByText('Latest run took').waitFor();
    await at.page.getByTitle('Run', { exact: true }).selectOption('Latest run');
    const rows = at.page.getByRole('group', { name: 'Items' }).getByRole('listitem');
    await expect.poll(() => rows.count()).toBe(2);
    expect(at.path).toBe(`/imports/${id}?run=latest`);
    expect(await at.violations()).toEqual([]);
  });

  it('tells the attempts of this run from all attempts of an item', async () => {
    const at = await open(`/imports/${id}/items/2`);
    await at.page.getByText('1 in this run, 2 in all').waitFor();
    expect(await at.page.getByRole('main').locator('ol > li').count()).toBe(2);
  });
});
