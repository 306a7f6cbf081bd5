import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startOrigin, type Origin } from '../../support/origin.js';
import { startChromium } from '../support/chromium.js';
import { ConsolePage } from './support/console-page.js';
import { newPartner, type Partner } from './support/partner.js';
import { entry, newMp4 } from './support/scene.js';

let browser: Browser;
let origin: Origin;
let partner: Partner;
let id: string;

beforeAll(async () => {
  [browser, origin, partner] = await Promise.all([startChromium(), startOrigin(), newPartner()]);
  for (const name of ['one', 'two']) origin.serve(`/${name}.mp4`, newMp4());
  // Gone between the plan and the run.
  origin.script('/lost.mp4', [{ body: newMp4() }, { status: 404 }]);
  const videos = ['one', 'two', 'lost', 'never'].map((name) => entry(name, origin.url(`/${name}.mp4`)));
  const { body } = await partner.api.call<{ id: string }>('POST', '/api/v1/import/videos?mode=plan', {
    body: { systemName: 'planned', videos },
  });
  ({ id } = body);
  await partner.api.finished(id);
});
afterAll(async () => {
  await browser?.close();
  await origin?.close();
});

it('a plan is shown, applied, and compared with its outcome', async () => {
  const at = await ConsolePage.open(browser, `/imports/${id}`, { token: partner.token });
  await at.heading('planned');
  const plan = at.page.getByRole('region', { name: 'Plan and outcome' });
  await plan.waitFor();
  const rows = async (): Promise<string[]> =>
    (await plan.getByRole('row').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
  expect(await rows()).toEqual(['Predicted Items', 'New 3', 'Will fail 1']);
  expect(await plan.textContent()).toContain('Nothing is imported before you apply the plan.');
  expect(await at.violations()).toEqual([]);
  await at.shot('plan');

  await plan.getByRole('link', { name: '1', exact: true }).click();
  const items = at.page.getByRole('group', { name: 'Items' }).getByRole('listitem');
  await expect.poll(() => items.count()).toBe(1);
  expect(at.path).toBe(`/imports/${id}?predicted=fail`);
  await at.page.getByLabel('Predicted').selectOption('Any prediction');
  await expect.poll(() => items.count()).toBe(4);

  await at.page.getByRole('button', { name: 'Apply plan' }).click();
  await at.page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click();
  await plan.getByText('1 item ended otherwise than predicted.').waitFor();
  await expect.poll(rows).toEqual(['Predicted Items New Failed', 'New 3 2 1', 'Will fail 1 1']);
  expect(await at.violations()).toEqual([]);
  await at.page.setViewportSize({ width: 360, height: 800 });
  expect(await at.overflow()).toBe(0);
  await at.shot('plan-applied');

  await plan.getByRole('link', { name: 'Show them' }).click();
  await expect.poll(() => items.count()).toBe(1);
  expect(await items.textContent()).toContain('Title of lost');
  expect(at.path).toBe(`/imports/${id}?drift=true`);
  expect(at.errors).toEqual([]);
  expect(at.strangers).toEqual([]);
  await at.close();
});
