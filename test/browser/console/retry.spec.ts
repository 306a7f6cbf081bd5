import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOrigin, type Origin } from '../../support/origin.js';
import { useConsole } from './support/open-console.js';
import { newPartner, type Partner } from './support/partner.js';
import { entry, newMp4 } from './support/scene.js';

let origin: Origin;
let partner: Partner;
/** One item refused with 403, two not found, one HTML page: all of one host. */
let id: string;

const open = useConsole(() => partner.token);

beforeAll(async () => {
  [origin, partner] = await Promise.all([startOrigin(), newPartner()]);
  origin.script('/closed.mp4', [{ status: 403 }]);
  origin.script('/packed.mp4', [{ body: gzipSync(newMp4()), headers: { 'content-encoding': 'gzip' } }]);
  origin.serve('/page.mp4', Buffer.from('<!doctype html><html><body>Please sign in</body></html>'));
  id = await partner.api.importVideos(
    'archive',
    ['lost-0', 'lost-1', 'closed', 'page'].map((name) => entry(name, origin.url(`/${name}.mp4`))),
  );
  await partner.api.finished(id);
});
afterAll(async () => {
  await origin?.close();
});

describe('a group of failures', () => {
  it('is one HTTP status of a code and a host, in the list of items, too', async () => {
    const at = await open(`/imports/${id}?tab=failures`);
    const lost = at.page.getByRole('article').filter({ hasText: 'HTTP_STATUS 404' });
    await lost.getByRole('link', { name: 'Show the items' }).click();
    const items = at.page.getByRole('group', { name: 'Items' }).getByRole('listitem');
    await expect.poll(() => items.count()).toBe(2);
    expect(new URL(at.page.url()).searchParams.get('httpStatus')).toBe('404');
    await at.page.getByRole('button', { name: 'Retry all that match' }).click();
    const dialog = at.page.getByRole('dialog', { name: 'Retry 2 items?' });
    await dialog.waitFor();
    expect(await dialog.textContent()).toContain('HTTP_STATUS 404');
    await dialog.getByRole('button', { name: 'Go back' }).click();
    expect(await at.violations()).toEqual([]);
    await at.page.getByRole('button', { name: 'Clear filters: HTTP status' }).click();
    await expect.poll(() => items.count()).toBe(3);
  });

  it('of failures without an HTTP status shows and retries those alone', async () => {
    const packed = await partner.api.importVideos('packed', [
      entry('packed', origin.url('/packed.mp4')),
      ...['lost-3', 'lost-4'].map((name) => entry(name, origin.url(`/${name}.mp4`))),
    ]);
    await partner.api.finished(packed);
    const at = await open(`/imports/${packed}?tab=failures`);
    const group = at.page.getByRole('article').filter({ hasText: 'compressed' });
    await group.getByRole('button', { name: 'Retry this item' }).click();
    const dialog = at.page.getByRole('dialog', { name: 'Retry 1 item?' });
    await dialog.waitFor();
    expect(await dialog.textContent()).toMatch(/HTTP_STATUS.*HTTP status:\s+none/s);
    await dialog.getByRole('button', { name: 'Go back' }).click();
    await group.getByRole('link', { name: 'Show the items' }).click();
    const items = at.page.getByRole('group', { name: 'Items' }).getByRole('listitem');
    await expect.poll(() => items.count()).toBe(1);
    await at.page.getByText('HTTP status: none').waitFor();
    await at.page.getByRole('button', { name: 'Retry all that match' }).click();
    await at.page.getByRole('dialog', { name: 'Retry 1 item?' }).waitFor();
    expect(await at.violations()).toEqual([]);
  });

  it('shows the reason of its sample', async () => {
    const at = await open(`/imports/${id}?tab=failures`);
    const page = at.page.getByRole('article').filter({ hasText: 'NOT_A_VIDEO' });
    await page.waitFor();
    expect(await page.textContent()).toContain('the file is an HTML page');
  });

  it('is retried alone, with a warning if that will not help, and says how the retry ended', async () => {
    const at = await open(`/imports/${id}?tab=failures`);
    const lost = at.page.getByRole('article').filter({ hasText: 'HTTP_STATUS 404' });
    await lost.waitFor();
    expect(await lost.textContent()).toContain('A retry alone will not help.');
    origin.serve('/lost-0.mp4', newMp4(), { hang: 'body' });
    await lost.getByRole('button', { name: 'Retry these 2' }).click();
    const dialog = at.page.getByRole('dialog', { name: 'Retry 2 items?' });
    await dialog.waitFor();
    expect(await dialog.textContent()).toMatch(/A retry alone will not help\..*HTTP_STATUS 404/s);
    await dialog.getByRole('button', { name: 'Retry' }).click();
    const banner = at.page.getByRole('status').filter({ hasText: 'again' });
    await expect.poll(() => banner.textContent()).toContain('2 items are running again…');
    expect(await at.page.evaluate('document.activeElement.textContent')).toContain(
      '2 items are running again…',
    );
    await expect.poll(() => origin.requestsTo('/lost-0.mp4').length).toBe(2);
    origin.release('/lost-0.mp4');
    await expect.poll(() => banner.textContent()).toContain('Retry finished: 1 succeeded, 1 failed again');
    expect(await at.page.locator('.note.warning').count()).toBe(1);
    expect(await at.violations()).toEqual([]);
    expect(at.errors).toEqual([]);
  });
});

describe('all failed items', () => {
  it('are retried by the button of the import, which says so', async () => {
    const at = await open(`/imports/${id}`);
    await at.page.getByRole('button', { name: 'Retry all failed' }).click();
    const dialog = at.page.getByRole('dialog', { name: 'Retry 3 items?' });
    await dialog.waitFor();
    expect(await dialog.textContent()).toContain('All 3 failed items of this import');
  });

  it('of a host are retried in its row', async () => {
    const at = await open(`/imports/${id}?tab=hosts`, { locale: 'de-DE' });
    await at.page.getByRole('button', { name: '3 fehlgeschlagene wiederholen' }).click();
    const dialog = at.page.getByRole('dialog', { name: '3 Einträge wiederholen?' });
    await dialog.waitFor();
    expect(await dialog.textContent()).toMatch(/Host: 127\.0\.0\.1/);
    await dialog.getByRole('button', { name: 'Wiederholen' }).click();
    await at.page.getByText('Wiederholung beendet: 0 erfolgreich, 3 wieder fehlgeschlagen').waitFor();
    expect(await at.violations()).toEqual([]);
  });
});

describe('a failed item', () => {
  it('is retried on its page', async () => {
    const at = await open(`/imports/${id}/items/1`);
    origin.serve('/lost-1.mp4', newMp4());
    await at.page.getByRole('button', { name: 'Retry', exact: true }).click();
    const dialog = at.page.getByRole('dialog', { name: 'Retry 1 item?' });
    await dialog.getByRole('button', { name: 'Retry' }).click();
    await at.page.getByText('Retry finished: 1 succeeded').waitFor();
    await at.page.locator('video').waitFor();
    expect(await at.page.getByRole('button', { name: 'Retry', exact: true }).count()).toBe(0);
    expect(await at.violations()).toEqual([]);
  });
});
