import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../support/free-port.js';
import { startOrigin, type Origin } from '../../support/origin.js';
import { startReceiver } from '../../support/receiver.js';
import { useConsole } from './support/open-console.js';
import { newPartner, type Partner } from './support/partner.js';
import { entry } from './support/scene.js';

const GERMAN = { locale: 'de-DE' };
const GONE = 'Could not download the video: the server answered 404';

let origin: Origin;
let partner: Partner;
let id: string;

const open = useConsole(() => partner.token);

beforeAll(async () => {
  [origin, partner] = await Promise.all([startOrigin(), newPartner()]);
  origin.serve('/page.mp4', Buffer.from('<!doctype html><html><body>Please sign in</body></html>'));
  id = await partner.api.importVideos('archiv', [
    entry('gone', origin.url('/gone.mp4')),
    entry('page', origin.url('/page.mp4')),
  ]);
  await partner.api.finished(id);
});
afterAll(async () => {
  await origin?.close();
});

describe('the German console', () => {
  it('says what failed and what to do in German, with the sentence of the server as a detail', async () => {
    const at = await open(`/imports/${id}?tab=failures`, GERMAN);
    const gone = at.page.getByRole('article').filter({ hasText: 'HTTP_STATUS 404' });
    await gone.getByRole('heading', { name: /^Die Datei ließ sich nicht laden/ }).waitFor();
    await gone.getByText('Unter dieser URL gibt es die Datei nicht.').waitFor();
    await gone.getByText(GONE).waitFor();
    const page = at.page.getByRole('article').filter({ hasText: 'NOT_A_VIDEO' });
    await page.getByRole('heading', { name: /^Die Datei ist kein Video/ }).waitFor();
    expect(await at.violations()).toEqual([]);
  });

  it('does so in the list of items and on the page of an item', async () => {
    const at = await open(`/imports/${id}`, GERMAN);
    const row = at.page.getByRole('listitem').filter({ hasText: 'Title of gone' });
    await row.getByText(`Die Datei ließ sich nicht laden (${GONE})`).waitFor();
    expect(await row.getByText(GONE).getAttribute('lang')).toBe('en');
    await row.getByRole('link').click();
    const attempts = at.page.getByRole('main').locator('ol > li');
    await expect.poll(() => attempts.count()).toBe(1);
    expect(await attempts.textContent()).toContain(`Die Datei ließ sich nicht laden (${GONE})`);
    expect(await at.page.locator('dl.facts').textContent()).toContain(
      `Die Datei ließ sich nicht laden (${GONE})`,
    );
    expect(await at.violations()).toEqual([]);
  });

  it('says in German what a receiver answered', async () => {
    const receiver = await startReceiver();
    receiver.answer({ status: 410 });
    await partner.api.importVideos('archiv', [entry('hook', origin.url('/gone.mp4'))], {
      webhook: receiver.url('/hook'),
    });
    await receiver.waitForDelivery();
    const at = await open('/webhooks', GERMAN);
    await at.page.locator('tbody').getByText('HTTP 410').waitFor();
    await at.page.getByRole('link', { name: 'import.finished' }).click();
    await at.page
      .getByText('Der Empfänger hat mit 410 geantwortet und nimmt diesen Webhook nicht mehr an')
      .waitFor();
    expect(await at.violations()).toEqual([]);
    await receiver.close();
  });

  it('says in German that a receiver gave no answer, with the sentence of the server as a detail', async () => {
    const url = `http://127.0.0.1:${await freePort()}/hook`;
    await partner.api.importVideos('archiv', [entry('unheard', origin.url('/gone.mp4'))], { webhook: url });
    const at = await open('/webhooks?state=pending', GERMAN);
    await at.page.locator('tbody').getByText('Keine Antwort').waitFor();
    await at.page.getByRole('link', { name: 'import.finished' }).click();
    const attempt = at.page.getByRole('main').locator('ol > li');
    await attempt.getByText(/^Keine Antwort vom Empfänger/).waitFor();
    const detail = attempt.locator('[lang="en"]');
    expect(await detail.textContent()).toMatch(/^\(.+\)$/);
    expect(await at.violations()).toEqual([]);
  });

  it('says in German why the server refused a request', async () => {
    const at = await open(`/imports/${id}?code=${'X'.repeat(300)}`, GERMAN);
    const note = at.page.getByRole('alert');
    await note.waitFor();
    expect(await note.textContent()).toMatch(/Die Anfrage ist ungültig: Must be /);
  });
});

it('the English console says what the server says', async () => {
  const at = await open(`/imports/${id}/items/0`);
  const reason = at.page.locator('dd').filter({ hasText: 'HTTP_STATUS' });
  await reason.waitFor();
  expect((await reason.textContent())?.trim()).toMatch(new RegExp(`^${GONE}\\s+HTTP_STATUS`));
});
