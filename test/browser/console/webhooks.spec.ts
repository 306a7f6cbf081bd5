import type { Locator } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startOrigin, type Origin } from '../../support/origin.js';
import { startReceiver, type Delivery, type Receiver } from '../../support/receiver.js';
import type { ConsolePage } from './support/console-page.js';
import { useConsole } from './support/open-console.js';
import { newPartner, tokenOf, type Partner } from './support/partner.js';
import { entry } from './support/scene.js';

const GONE = 3;
const DAY_MS = 86_400_000;
/** Wide and high; shown as HTML, it would change the page. */
const HOSTILE = `<script>document.title = "taken"</script><h1>Gone</h1>${'<br>\n'.repeat(100)}${'x'.repeat(1_000)}`;

let origin: Origin;
let partner: Partner;
/** Answers 500, and gets another attempt. */
let failing: Receiver;
/** Answers 410 and a page with a script, which ends a delivery. */
let gone: Receiver;
let importId: string;

const open = useConsole(() => partner.token);

beforeAll(async () => {
  [origin, partner, failing, gone] = await Promise.all([
    startOrigin(),
    newPartner(),
    startReceiver(),
    startReceiver(),
  ]);
  failing.answer({ status: 500, body: 'The database is locked' });
  gone.answer({ status: 410, headers: { 'content-type': 'text/html' }, body: HOSTILE });
  const send = (system: string, receiver: Receiver): Promise<string> =>
    partner.api.importVideos(system, [entry('none', origin.url('/none.mp4'))], {
      webhook: receiver.url('/hook?key=hidden'),
    });
  for (let count = 0; count < GONE; count += 1) await send(`gone-${count}`, gone);
  importId = await send('archive', failing);
  await vi.waitFor(
    async () => {
      const [failed, pending] = [await attemptsOf('failed'), await attemptsOf('pending')];
      if (failed < GONE || pending < 1) throw new Error(`${failed} failed and ${pending} pending attempts`);
    },
    { timeout: 60_000 },
  );
});
afterAll(async () => {
  await origin?.close();
  await failing?.close();
  await gone?.close();
});

/** Attempts of all deliveries in a state. */
async function attemptsOf(state: string): Promise<number> {
  const { body } = await partner.api.call<{ results: Array<{ attempts: unknown[] }> }>(
    'GET',
    `/api/v1/webhooks/deliveries?state=${state}`,
  );
  return body.results.reduce((sum, { attempts }) => sum + attempts.length, 0);
}

function responseTo(at: ConsolePage, attempt: number): Locator {
  return at.page.getByRole('group', { name: `Response to attempt ${attempt}` });
}

function rowsOf(at: ConsolePage): Locator {
  return at.page.locator('tbody tr');
}

describe('deliveries', () => {
  it('are listed with event, import, receiver and next attempt, and filtered in the URL', async () => {
    const at = await open('/');
    await at.page.getByRole('link', { name: 'Webhooks' }).click();
    await at.heading('Webhooks');
    await expect.poll(() => rowsOf(at).count()).toBe(GONE + 1);
    const pending = rowsOf(at).filter({ hasText: importId });
    const text = await pending.textContent();
    expect(text).toMatch(/import\.finished.*Pending.*HTTP 500.*Next attempt/s);
    expect(text).toContain(failing.url('/hook'));
    expect(text).not.toContain('hidden');
    expect(await at.violations()).toEqual([]);
    await at.shot('webhooks');
    await at.page.setViewportSize({ width: 360, height: 800 });
    expect(await at.overflow()).toBe(0);
    await at.page.getByLabel('State').selectOption('Failed');
    await expect.poll(() => rowsOf(at).count()).toBe(GONE);
    expect(at.path).toBe('/webhooks?state=failed');
    await at.page.reload();
    await expect.poll(() => rowsOf(at).count()).toBe(GONE);
    await at.page.goto(`${at.server}/console/webhooks?import=${importId}`);
    await expect.poll(() => rowsOf(at).count()).toBe(1);
    await at.page.getByRole('link', { name: importId }).click();
    await at.heading('archive');
    expect(at.errors).toEqual([]);
  });

  it('can be redelivered one by one, and show their attempts, the newest first', async () => {
    const at = await open('/webhooks?state=pending');
    await at.page.getByRole('link', { name: 'import.finished' }).click();
    await at.heading('import.finished');
    const attempts = at.page.getByRole('main').locator('ol > li');
    await expect.poll(() => attempts.last().textContent()).toMatch(/HTTP 500.*ms.*receiver answered 500/s);
    expect(await responseTo(at, 1).textContent()).toBe('The database is locked');
    expect(await at.page.getByLabel('Body', { exact: true }).textContent()).toContain(importId);
    expect(await at.violations()).toEqual([]);
    await at.shot('delivery');
    failing.answer(204);
    await at.page.getByRole('button', { name: 'Redeliver' }).press('Enter');
    await expect.poll(() => attempts.first().textContent()).toMatch(/Delivered.*HTTP 204/s);
    expect(await attempts.last().textContent()).toContain('HTTP 500');
    expect(await attempts.first().getByRole('group').count()).toBe(0);
    await expect.poll(() => at.page.locator('header .badge').textContent()).toBe('Delivered');
    expect(at.errors).toEqual([]);
  });

  it('show what the receiver answered, as text', async () => {
    const at = await open('/webhooks?state=failed');
    await at.page.getByRole('link', { name: 'import.finished' }).first().click();
    const response = responseTo(at, 1);
    await expect.poll(() => response.textContent()).toBe(HOSTILE);
    expect(await response.locator('*').count()).toBe(0);
    expect(await at.page.title()).not.toContain('taken');
    expect(await at.violations()).toEqual([]);
    await at.shot('response');
    await at.page.setViewportSize({ width: 360, height: 800 });
    expect(await at.overflow()).toBe(0);
    expect((await response.boundingBox())?.height).toBeLessThan(400);
    await response.focus();
    await at.page.keyboard.press('End');
    await expect.poll(() => response.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(0);
    expect(at.errors).toEqual([]);
    const german = await open(at.path, { locale: 'de-DE' });
    await german.page.getByRole('group', { name: 'Antwort auf Versuch 1' }).waitFor();
  });

  it('can be redelivered together if they have failed since a time, after a preview', async () => {
    gone.answer(204);
    const at = await open('/webhooks?state=failed');
    await expect.poll(() => rowsOf(at).count()).toBe(GONE);
    await at.page.getByRole('button', { name: 'Redeliver failed' }).press('Enter');
    const dialog = at.page.getByRole('dialog', { name: 'Redeliver all failed' });
    const status = dialog.getByRole('status');
    const button = dialog.getByRole('button', { name: 'Redeliver' });
    await expect.poll(() => status.textContent()).toContain('3 failed deliveries would be sent again.');
    expect(await at.violations()).toEqual([]);
    await at.shot('redeliver');
    const tomorrow = new Date(Date.now() + DAY_MS).toISOString().slice(0, 16);
    await dialog.getByLabel('Created since').fill(tomorrow);
    await expect.poll(() => status.textContent()).toContain('None has failed since then.');
    expect(await button.isDisabled()).toBe(true);
    await dialog.getByLabel('Created since').fill('');
    await expect.poll(() => button.isEnabled()).toBe(true);
    await button.press('Enter');
    await expect.poll(() => status.textContent()).toContain('3 deliveries are sent again.');
    await at.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => rowsOf(at).filter({ hasText: 'Delivered' }).count()).toBe(GONE);
    expect(gone.deliveries).toHaveLength(2 * GONE);
    expect(at.errors).toEqual([]);
  });

  it('belong to their project, and to tokens with the scope', async () => {
    const other = await open('/webhooks', { token: (await newPartner()).token });
    await other.page.getByText('No webhook deliveries yet').waitFor();
    const reader = await open('/webhooks', { token: await tokenOf(partner.project, ['public-api:read']) });
    await reader.page.getByText('Your token lacks the scope public-api:write.').waitFor();
    expect(await reader.page.getByRole('link', { name: 'Webhooks' }).count()).toBe(0);
    expect(await reader.page.getByRole('main').getByRole('button').count()).toBe(0);
  });
});

describe('the check of signatures', () => {
  let delivery: Delivery;
  let at: ConsolePage;
  const sent: string[] = [];

  beforeAll(async () => {
    delivery = await failing.waitForDelivery();
  });

  /** Pastes headers as HTTP writes them, and what differs from the delivery. */
  async function verdict(
    changes: { headers?: Record<string, string>; body?: string; secret?: string } = {},
  ): Promise<string> {
    const headers = { ...delivery.headers, ...changes.headers };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
    await at.page.getByLabel('Headers').fill(lines.join('\n'));
    await at.page.getByRole('textbox', { name: 'Body' }).fill(changes.body ?? delivery.raw);
    await at.page.getByLabel('Webhook secret').fill(changes.secret ?? partner.project.webhookSecret);
    await at.page.getByRole('button', { name: 'Verify' }).click();
    const status = at.page.getByRole('main').getByRole('status');
    await expect.poll(() => status.textContent()).not.toBe('');
    return (await status.textContent()) ?? '';
  }

  it('says that a message is genuine, or exactly what is wrong, and sends the secret nowhere', async () => {
    at = await open('/webhooks?tab=verify');
    at.page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
    expect(await verdict()).toContain('Valid');
    expect(await at.violations()).toEqual([]);
    await at.shot('verify');
    const wrong = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
    expect(await verdict({ secret: wrong })).toMatch(/^Wrong secret/);
    const changed = await verdict({ body: delivery.raw.replace(importId, '-another') });
    expect(changed).toMatch(/The body was changed: it differs from what was sent from character \d+ on/);
    expect(changed).toContain(importId);
    const indented = JSON.stringify(JSON.parse(delivery.raw), null, 2);
    expect(await verdict({ body: indented })).toMatch(/white space or notation/);
    const hourAgo = new Date(Date.now() - 3_600_000);
    const id = String(delivery.headers['webhook-id']);
    const old = {
      'webhook-timestamp': String(Math.floor(hourAgo.getTime() / 1_000)),
      'webhook-signature': new Webhook(partner.project.webhookSecret).sign(id, hourAgo, delivery.raw),
    };
    expect(await verdict({ headers: old })).toMatch(/signature matches.*too old: it was signed 1 hour ago/s);
    expect(await at.violations()).toEqual([]);
    expect(sent.filter((request) => request.includes('whsec_'))).toEqual([]);
    expect(at.errors).toEqual([]);
  });
});
