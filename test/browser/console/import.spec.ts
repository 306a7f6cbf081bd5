import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOrigin, type Origin } from '../../support/origin.js';
import { useConsole } from './support/open-console.js';
import { newPartner, tokenOf, type Partner } from './support/partner.js';
import { entry, newMp4 } from './support/scene.js';

/** Would be run by a page that takes it for HTML. */
const EVIL = `<img src=x onerror="document.title='run'"><script>document.title='run'</script>&amp;`;

let origin: Origin;
let partner: Partner;
let id: string;

const open = useConsole(() => partner.token);

beforeAll(async () => {
  [origin, partner] = await Promise.all([startOrigin(), newPartner()]);
  for (const name of ['one', 'two', 'three']) origin.serve(`/${name}.mp4`, newMp4());
  id = await partner.api.importVideos('newsroom', [
    entry('one', origin.url('/one.mp4')),
    entry('two', origin.url('/two.mp4'), EVIL),
    entry('three', origin.url('/three.mp4')),
    ...Array.from({ length: 5 }, (_, index) => entry(`gone-${index}`, origin.url(`/gone-${index}.mp4`))),
  ]);
  await partner.api.finished(id);
});
afterAll(async () => {
  await origin?.close();
});

describe('an import', () => {
  it('that does not exist has a way back', async () => {
    const at = await open('/imports/none');
    await at.page.getByText('This does not exist, or belongs to another project.').waitFor();
    expect(await at.violations()).toEqual([]);
    await at.page.getByRole('link', { name: 'All imports' }).click();
    await at.heading('Imports');
    expect(at.path).toBe('/imports');
  });

  it('keeps the rows where they are when one is selected', async () => {
    const at = await open(`/imports/${id}`, { viewport: { width: 1_024, height: 800 } });
    const list = at.page.getByRole('group', { name: 'Items' });
    await at.page.getByText('8 items', { exact: true }).waitFor();
    await at.page.getByTitle('Code', { exact: true }).waitFor();
    const before = await list.boundingBox();
    await list.getByRole('checkbox').first().check();
    await at.page.getByText('1 selected').waitFor();
    expect(await list.boundingBox()).toEqual(before);
  });

  it('shows its counts, its items, and text as text', async () => {
    const at = await open(`/imports/${id}`);
    await at.heading('newsroom');
    const progress = at.page.getByRole('region', { name: 'Progress' });
    await expect.poll(() => progress.textContent()).toMatch(/100 %.*3\s*Success.*5\s*Failed/s);
    const list = at.page.getByRole('group', { name: 'Items' });
    expect(await list.getByRole('listitem').count()).toBe(8);
    expect(await list.getByRole('link', { name: EVIL }).count()).toBe(1);
    expect(await at.page.title()).not.toBe('run');
    expect(await at.violations()).toEqual([]);
    expect(at.errors).toEqual([]);
    await at.shot('import');
  });

  it('filters its items by state and text, in the URL', async () => {
    const at = await open(`/imports/${id}`);
    await at.page.getByLabel('State').selectOption('Failed');
    const items = at.page.getByRole('group', { name: 'Items' }).getByRole('listitem');
    await expect.poll(() => items.count()).toBe(5);
    expect(at.path).toBe(`/imports/${id}?state=failed`);
    await at.page.getByRole('searchbox').fill('gone-3');
    await expect.poll(() => items.count()).toBe(1);
    await expect.poll(() => at.path).toBe(`/imports/${id}?state=failed&q=gone-3`);
    await at.page.reload();
    await expect.poll(() => items.count()).toBe(1);
    await at.page.getByRole('searchbox').fill('nothing like it');
    await at.page.getByRole('link', { name: 'Clear filters' }).click();
    await expect.poll(() => items.count()).toBe(8);
  });

  it('groups its failures with cause and cure, and retries one group after a preview', async () => {
    const at = await open(`/imports/${id}?tab=failures`);
    const group = at.page.getByRole('article');
    await group.waitFor();
    expect(await group.textContent()).toMatch(/^5.*127\.0\.0\.1.*404/s);
    expect(await at.violations()).toEqual([]);
    await at.shot('failures');
    for (const name of ['gone-0', 'gone-1']) origin.serve(`/${name}.mp4`, newMp4());
    await group.getByRole('button', { name: 'Retry these 5' }).click();
    const dialog = at.page.getByRole('dialog', { name: 'Retry 5 items?' });
    await dialog.waitFor();
    expect(await at.violations()).toEqual([]);
    await at.shot('retry');
    await dialog.getByRole('button', { name: 'Retry' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => group.first().textContent()).toMatch(/^3/);
    await at.page.getByText('Retry finished: 2 succeeded, 3 failed again').waitFor();
    await at.page.getByRole('link', { name: 'Show them' }).click();
    const items = at.page.getByRole('group', { name: 'Items' }).getByRole('listitem');
    await expect.poll(() => items.count()).toBe(5);
    expect(at.path).toBe(`/imports/${id}?run=latest`);
  });

  it('retries a selection, and shows what has become of it', async () => {
    const at = await open(`/imports/${id}?state=failed`);
    for (const name of ['gone-2', 'gone-3']) {
      origin.serve(`/${name}.mp4`, newMp4());
      await at.page.getByLabel(`Select Title of ${name}`).check();
    }
    await at.page.getByText('2 selected').waitFor();
    await at.page.getByRole('button', { name: 'Retry selected' }).click();
    const dialog = at.page.getByRole('dialog', { name: 'Retry 2 items?' });
    await dialog.getByRole('button', { name: 'Retry' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect
      .poll(() => at.page.getByRole('region', { name: 'Progress' }).textContent())
      .toMatch(/7\s*Success.*1\s*Failed/s);
    // The list has filtered itself to what was touched, and is live.
    expect(at.path).toBe(`/imports/${id}?run=latest`);
    const items = at.page.getByRole('group', { name: 'Items' }).getByRole('listitem');
    await expect
      .poll(async () => (await items.allTextContents()).map((text) => /Success/.test(text)))
      .toEqual([true, true]);
    await at.page.getByTitle('Run', { exact: true }).selectOption('Any run');
    await expect.poll(() => items.count()).toBe(8);
  });

  it('retries all that match the filter, after a preview of their number', async () => {
    const at = await open(`/imports/${id}?q=gone-4`);
    origin.serve('/gone-4.mp4', newMp4());
    const code = at.page.getByLabel('Code');
    await code.waitFor();
    expect(await code.locator('option').allTextContents()).toEqual(['Any code', 'HTTP_STATUS (1)']);
    await code.selectOption('HTTP_STATUS (1)');
    await at.page.getByRole('button', { name: 'Retry all that match' }).click();
    const dialog = at.page.getByRole('dialog', { name: 'Retry 1 item?' });
    await dialog.waitFor();
    expect(await dialog.textContent()).toMatch(/Id or title: gone-4.*|Code: HTTP_STATUS/s);
    await dialog.getByRole('button', { name: 'Retry' }).click();
    await expect
      .poll(() => at.page.getByRole('region', { name: 'Progress' }).textContent())
      .toMatch(/8\s*Success/s);
    expect(at.path).toBe(`/imports/${id}?run=latest`);
    expect(await at.violations()).toEqual([]);
  });

  it('stays live while its list is filtered, and leaves rows in focus where they are', async () => {
    origin.serve('/slow.mp4', newMp4(), { hang: 'body' });
    const slow = await partner.api.importVideos('slow', [entry('slow', origin.url('/slow.mp4'))]);
    await origin.waitForRequest('/slow.mp4');
    const [read, left] = [
      await open(`/imports/${slow}?state=running`),
      await open(`/imports/${slow}?state=success`),
    ];
    await left.page.getByText('No item matches these filters').waitFor();
    await read.page.getByRole('link', { name: 'Title of slow' }).focus();
    origin.release('/slow.mp4');
    await left.page.getByRole('link', { name: 'Title of slow' }).waitFor();
    const row = read.page.getByRole('group', { name: 'Items' }).getByRole('listitem');
    await expect.poll(() => row.textContent()).toMatch(/Title of slow.*changed/s);
    expect(await read.violations()).toEqual([]);
    await read.page.getByRole('button', { name: 'The list has changed: update it' }).click();
    await read.page.getByText('No item matches these filters').waitFor();
  });

  it('shows its hosts with bytes and throttle', async () => {
    const at = await open(`/imports/${id}?tab=hosts`);
    const host = at.page.getByRole('article');
    await host.waitFor();
    expect(await host.textContent()).toMatch(/127\.0\.0\.1:\d+.*It answers.*reachable.*8\s*.*Imported.*kB/s);
    expect(await at.page.getByRole('region', { name: 'Progress' }).textContent()).toMatch(/kB\s*Imported/);
    expect(await at.violations()).toEqual([]);
    await at.page.setViewportSize({ width: 360, height: 800 });
    expect(await at.overflow()).toBe(0);
    await host.getByRole('link').click();
    await expect.poll(() => at.path).toMatch(/\?host=127/);
  });

  it('hands out its report, its receipt and its request', async () => {
    const at = await open(`/imports/${id}`);
    for (const [button, name] of [
      ['Report', `reelport-${id}-report.csv`],
      ['Receipt', `reelport-${id}-receipt.json`],
      ['Request', `reelport-${id}-request.json`],
    ] as const) {
      const [download] = await Promise.all([
        at.page.waitForEvent('download'),
        at.page.getByRole('button', { name: button }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(name);
    }
    expect(at.errors).toEqual([]);
  });

  it('shows what the API says of it', async () => {
    const at = await open(`/imports/${id}?tab=json`);
    await expect.poll(() => at.page.locator('pre').last().textContent()).toContain(`"id": "${id}"`);
    expect(await at.violations()).toEqual([]);
  });

  it('is not there for another project', async () => {
    const other = await newPartner();
    const at = await open(`/imports/${id}`, { token: other.token });
    await at.page.getByText('This does not exist, or belongs to another project.').waitFor();
    expect(await at.page.textContent('body')).not.toContain('newsroom');
    await at.page.goto(`${at.server}/console/imports`);
    await at.page.getByText('No imports yet').waitFor();
  });

  it('offers nothing that a token may not do', async () => {
    const at = await open(`/imports/${id}`, { token: await tokenOf(partner.project, ['public-api:read']) });
    await at.page.getByText('Your token lacks the scope public-api:write.').waitFor();
    expect(await at.page.getByRole('main').getByRole('button').count()).toBe(0);
  });
});

describe('an item', () => {
  it('shows its file in a player', async () => {
    const at = await open(`/imports/${id}`);
    await at.page.getByRole('link', { name: 'Title of one' }).click();
    await at.heading('Title of one');
    await at.page.locator('video').waitFor();
    expect(await at.page.getByLabel('As it was posted').textContent()).toContain(
      `"url": "${origin.url('/one.mp4')}"`,
    );
    await expect
      .poll(() => at.page.evaluate<number>(`document.querySelector('video').readyState`))
      .toBeGreaterThanOrEqual(1);
    expect(await at.violations()).toEqual([]);
    expect(at.errors).toEqual([]);
    await at.shot('item');
    await at.page.getByRole('link', { name: 'Open it in the library' }).click();
    await at.page.waitForURL('**/library/*');
    await at.heading('Title of one');
  });

  it('leads to the webhooks of its import', async () => {
    const at = await open(`/imports/${id}`);
    await at.page.getByRole('main').getByRole('link', { name: 'Webhooks' }).click();
    await at.heading('Webhooks');
    expect(new URL(at.page.url()).searchParams.get('import')).toBe(id);
  });

  it('shows its failed attempts, newest first', async () => {
    const at = await open(`/imports/${id}/items/7`);
    await at.heading('Title of gone-4');
    await at.page.getByText('HTTP_STATUS · HTTP 404').first().waitFor();
    expect(await at.violations()).toEqual([]);
    await at.shot('failed-item');
  });
});

describe('the list of imports', () => {
  it('has the focus at its title when the link that cleared its filters is gone', async () => {
    const at = await open('/imports?system=none');
    await at.page.getByRole('link', { name: 'Clear filters' }).press('Enter');
    await at.page.locator('tbody tr').first().waitFor();
    await expect.poll(() => at.page.locator('h1:focus').count()).toBe(1);
    expect(at.path).toBe('/imports');
  });

  it('leaves rows where they are when new imports arrive, until the reader asks for them', async () => {
    const at = await open('/imports');
    await at.page.getByRole('link', { name: 'newsroom' }).waitFor();
    await at.shot('imports');
    expect(await at.violations()).toEqual([]);
    await partner.api.importVideos('later', [entry('one', origin.url('/one.mp4'))]);
    const button = at.page.getByRole('button', { name: '1 new import' });
    await button.waitFor();
    expect(await at.page.getByRole('link', { name: 'later' }).count()).toBe(0);
    await button.click();
    await at.page.getByRole('link', { name: 'later' }).waitFor();
  });
});

describe('why it waits', () => {
  it('names hosts that keep failing, and until when no requests are sent to them', async () => {
    const slow = await newPartner();
    const away = await startOrigin({ host: '127.0.0.7' });
    const url = away.url('/video.mp4');
    await away.close();
    await slow.api.importVideos(
      'broken',
      Array.from({ length: 30 }, (_, index) => entry(`video-${index}`, `${url}?${index}`)),
    );
    const at = await open('/waiting', { token: slow.token });
    await at.page.getByText('127.0.0.7').waitFor();
    await expect.poll(() => at.page.getByRole('article').textContent()).toMatch(/paused/);
    expect(await at.violations()).toEqual([]);
    expect(await at.overflow()).toBe(0);
    await at.shot('waiting');
  });
});
