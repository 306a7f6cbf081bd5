import { afterAll, beforeAll, expect, it } from 'vitest';
import { startOrigin, type Origin } from '../../support/origin.js';
import type { ConsolePage, OpenOptions } from './support/console-page.js';
import { useConsole } from './support/open-console.js';
import { newPartner, type Partner } from './support/partner.js';
import { newMp4 } from './support/scene.js';

let origin: Origin;
let partner: Partner;

const openPage = useConsole(() => partner.token);
const open = (options?: OpenOptions): Promise<ConsolePage> => openPage('/new', options);

beforeAll(async () => {
  [origin, partner] = await Promise.all([startOrigin(), newPartner()]);
  for (const name of ['one', 'two', 'three']) origin.serve(`/${name}.mp4`, newMp4());
});
afterAll(async () => {
  await origin?.close();
});

/** A table as spreadsheets write it. */
function csv(rows: readonly string[]): { name: string; mimeType: string; buffer: Buffer } {
  const text = ['Asset-ID;Link;Headline;Credit', ...rows].join('\r\n');
  return { name: 'archive.csv', mimeType: 'text/csv', buffer: Buffer.from(`\uFEFF${text}`) };
}

async function importCount(): Promise<number> {
  const { body } = await partner.api.call<{ results: unknown[] }>('GET', '/api/v1/imports');
  return body.results.length;
}

it('checks a table, plans it, shows the prediction, and applies it', async () => {
  const at = await open();
  await at.heading('New import');
  expect(await at.violations()).toEqual([]);
  const file = at.page.getByLabel('Choose a file');
  const rows = [
    `one;${origin.url('/one.mp4')};"One; the ""first""";Jane`,
    `two;${origin.url('/two.mp4')};Zwei – Übung;Jane`,
    `gone;${origin.url('/gone.mp4')};Gone;Jane`,
  ];
  await file.setInputFiles(
    csv([...rows, `two;ftp://x.example/three.mp4;Three;Jane`, `two;${origin.url('/three.mp4')};Three;`]),
  );

  // Read as the command line reads it, and refused with the places of its faults.
  await at.page.getByText('utf-8 with byte order mark').waitFor();
  expect(await at.page.getByLabel('Delimiter').inputValue()).toBe(';');
  expect(await at.page.getByLabel('Your id', { exact: true }).inputValue()).toBe('Asset-ID');
  await at.page.getByLabel('URL of the file').selectOption('Link');
  await at.page.getByRole('heading', { name: '2 faults' }).waitFor();
  const faults = at.page.getByRole('table', { name: '2 faults' }).getByRole('row');
  expect(await faults.allInnerTexts()).toEqual([
    expect.stringContaining('Line'),
    expect.stringMatching(/^5\s+2\s*Link\s+Must start with http:\/\/ or https:\/\/$/),
    expect.stringMatching(/^6\s+1\s*Asset-ID\s+Duplicates the id of line 3$/),
  ]);
  await at.page.getByLabel('System name').fill('the archive');
  expect(await at.page.getByRole('button', { name: 'Plan' }).isEnabled()).toBe(false);
  expect(await importCount()).toBe(0);
  expect(await at.violations()).toEqual([]);
  await at.shot('new-import-faults');

  // Mended and chosen again: the columns are as they were chosen before.
  await file.setInputFiles(csv([...rows, `three;${origin.url('/three.mp4')};Three;`]));
  await at.page.getByText('4 rows, no faults.').waitFor();
  expect(await at.page.getByLabel('URL of the file').inputValue()).toBe('Link');
  await at.shot('new-import');
  await at.page.getByRole('button', { name: 'Plan' }).press('Enter');

  const prediction = at.page.getByRole('region', { name: 'Prediction' });
  await expect
    .poll(() => prediction.innerText())
    .toMatch(/3\s+New\s+0\s+Changed\s+0\s+Unchanged\s+1\s+Will fail/);
  const items = at.page.getByRole('group', { name: 'Items' }).getByRole('listitem');
  await expect
    .poll(() => items.allInnerTexts())
    .toEqual([
      expect.stringMatching(/One; the "first".*line 2\s+New/s),
      expect.stringMatching(/Zwei – Übung.*line 3\s+New/s),
      expect.stringMatching(/Gone.*line 4\s+Will fail\s+HTTP_STATUS/s),
      expect.stringMatching(/Three.*line 5\s+New/s),
    ]);
  expect(await at.violations()).toEqual([]);
  await at.shot('new-import-plan');

  // The URL has the plan: it is there after loading the page again.
  await at.page.reload();
  await at.page.getByRole('button', { name: 'Import 4 items now' }).press('Enter');
  const progress = at.page.getByRole('region', { name: 'Progress' });
  await expect.poll(() => progress.innerText()).toMatch(/100 %.*3\s+Success\s+1\s+Failed/s);
  expect(await importCount()).toBe(1);
  const { body } = await partner.api.call<{ results: Array<{ title: string; metadata: object }> }>(
    'GET',
    '/api/v1/media?externalId=two',
  );
  expect(body.results).toEqual([
    expect.objectContaining({ title: 'Zwei – Übung', metadata: { Credit: 'Jane' } }),
  ]);
  await at.page.getByRole('link', { name: /^Import / }).click();
  await at.heading('the archive');
  expect(at.errors).toEqual([]);
});

it('imports pasted URLs at once, in German, by keyboard', async () => {
  const at = await open({ locale: 'de-DE' });
  await at.heading('Neuer Import');
  const text = at.page.getByRole('textbox', { name: /URLs einfügen/ });
  await text.fill(`${origin.url('/one.mp4')}\n\nhttps://\n`);
  await at.page.getByRole('cell', { name: 'Muss eine vollständige URL sein' }).waitFor();
  expect(await at.page.getByRole('table').getByRole('row').last().innerText()).toMatch(/^3\s+1\s*url/);
  await text.fill(`${origin.url('/one.mp4')}\n${origin.url('/two.mp4')}\n`);
  await at.page.getByText('2 Zeilen, keine Fehler.').waitFor();
  await at.page.getByLabel('Systemname').fill('Archiv');
  await at.page.getByRole('button', { name: 'Jetzt importieren' }).press('Enter');
  const progress = at.page.getByRole('region', { name: 'Fortschritt' });
  await expect.poll(() => progress.innerText()).toMatch(/100 %.*2\s+Erfolgreich/s);
  expect(at.path).toMatch(/^\/new\?imports=\w+$/);
  expect(await at.violations()).toEqual([]);
  expect(at.errors).toEqual([]);
});

it('splits a list into batches, and goes on where the server could not be reached', async () => {
  const at = await open();
  // A server with a smaller limit.
  await at.page.route('**/api/v1/kinds', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), maxBatchItems: 2 } });
  });
  await at.page.reload();
  const keys: string[] = [];
  let lost = 0;
  await at.page.route('**/api/v1/import/videos', async (route) => {
    keys.push(route.request().headers()['idempotency-key'] ?? '');
    // The third one is refused at first.
    if (keys.length === 4) {
      const details = { systemName: 'Busy' };
      return route.fulfill({ status: 409, json: { status: 409, error: 'Conflict', error_details: details } });
    }
    // The second batch arrives, and its response is lost.
    if (keys.length !== 2) return route.continue();
    await route.fetch();
    lost += 1;
    return route.abort();
  });
  const rows = ['a', 'b', 'c', 'd', 'e'].map((id) => `${id},${origin.url('/one.mp4')}`);
  await at.page.getByRole('textbox', { name: /paste URLs/ }).fill(`id,url\n${rows.join('\n')}\n`);
  await at.page.getByText('5 rows, no faults.').waitFor();
  await at.page.getByLabel('System name').fill('batches');
  const before = await importCount();
  await at.page.getByRole('button', { name: 'Import now' }).click();
  await at.page.getByRole('button', { name: 'Try again now' }).click();
  await at.page.getByText('The current state does not allow this: Busy').waitFor();
  await at.page.getByRole('button', { name: 'Go on' }).click();
  const progress = at.page.getByRole('region', { name: 'Progress' });
  await expect.poll(() => progress.innerText()).toMatch(/100 %.*5\s+Success/s);
  expect(lost).toBe(1);
  expect(keys).toHaveLength(5);
  expect(keys[1]).toBe(keys[2]);
  expect(keys[3]).toBe(keys[4]);
  expect(await importCount()).toBe(before + 3);
  expect(await progress.getByRole('link').count()).toBe(3);
});

it('reads the body of a batch, and fits windows of 360 to 2560 pixels', async () => {
  const at = await open();
  const batch = {
    systemName: 'x',
    videos: [{ id: '1', url: 'https://x.example/1', title: 'Long'.repeat(60) }],
  };
  await at.page.getByLabel('Choose a file').setInputFiles({
    name: 'batch.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(batch)),
  });
  await at.page.getByText('1 row, no faults.').waitFor();
  for (const width of [2_560, 1_440, 360]) {
    await at.page.setViewportSize({ width, height: 900 });
    expect(await at.overflow()).toBe(0);
  }
});
