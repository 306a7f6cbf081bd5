import type { Locator } from 'playwright-core';
import { beforeAll, expect, inject, it } from 'vitest';
import { ApiClient } from '../../support/api.js';
import type { ConsolePage } from './support/console-page.js';
import { useConsole } from './support/open-console.js';
import { newPartner, tokenOf, type Partner } from './support/partner.js';

let partner: Partner;

const open = useConsole(() => partner.token);

beforeAll(async () => {
  partner = await newPartner();
});

function rowOf(at: ConsolePage, ...texts: string[]): Locator {
  return texts.reduce((rows, hasText) => rows.filter({ hasText }), at.page.locator('tbody tr'));
}

async function statusWith(token: string): Promise<number> {
  return (await new ApiClient(inject('reelport').url, token).call('GET', '/api/v1/imports')).status;
}

/** Takes the token that is shown once, and closes the dialog. */
async function takeSecret(at: ConsolePage): Promise<string> {
  const dialog = at.page.getByRole('dialog', { name: 'Copy the token now' });
  await dialog.waitFor();
  const secret = await dialog.getByLabel('Token', { exact: true }).inputValue();
  expect(await at.violations()).toEqual([]);
  await dialog.getByRole('button', { name: 'Copy' }).click();
  expect(await at.page.evaluate<string>('navigator.clipboard.readText()')).toBe(secret);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'detached' });
  return secret;
}

/** Presses a button whose call is refused. */
async function pressRefused(dialog: Locator, name: string): Promise<void> {
  await dialog.getByRole('button', { name }).click();
  await dialog.getByRole('alert').filter({ hasText: 'does not allow this: Is taken' }).waitFor();
  expect(await dialog.getByRole('button', { name }).isEnabled()).toBe(true);
}

it('a token is made, used, replaced and revoked', async () => {
  const at = await open('/', { permissions: ['clipboard-read', 'clipboard-write'] });
  await at.page.getByRole('link', { name: 'Access tokens' }).click();
  await at.heading('Access tokens');
  await at.page.getByRole('button', { name: 'New token' }).press('Enter');
  const making = at.page.getByRole('dialog', { name: 'New token' });
  await making.waitFor();
  expect(await making.getByRole('checkbox').count()).toBe(3);
  expect(await making.getByRole('button', { name: 'Create token' }).isDisabled()).toBe(true);
  await making.getByLabel('Name').fill('newsroom');
  await making.getByLabel('public-api:write').check();
  await making.getByLabel('Lifetime').selectOption('30 days');
  expect(await at.violations()).toEqual([]);
  await at.shot('new-token');
  await at.page.keyboard.press('Enter');
  const first = await takeSecret(at);
  await expect.poll(() => rowOf(at, 'newsroom').textContent()).toMatch(/Active.*public-api:write.*never/s);
  expect(await at.page.content()).not.toContain(first);
  expect(await at.page.evaluate<string>('JSON.stringify(sessionStorage)')).not.toContain(first);

  expect(await statusWith(first)).toBe(200);
  await expect
    .poll(async () => {
      await at.page.reload();
      return rowOf(at, 'newsroom').textContent();
    })
    .toMatch(/Active.*ago|now/s);
  expect(await at.violations()).toEqual([]);
  await at.shot('tokens');
  await at.page.setViewportSize({ width: 1_200, height: 800 });
  expect(await at.overflow()).toBe(0);
  await at.page.setViewportSize({ width: 360, height: 800 });
  expect(await at.overflow()).toBe(0);

  await at.page.getByRole('button', { name: 'Rotate newsroom' }).click();
  const rotating = at.page.getByRole('dialog', { name: 'Replace the token newsroom?' });
  await rotating.getByLabel('The old token stays valid for').selectOption('not at all');
  expect(await at.violations()).toEqual([]);
  await rotating.getByRole('button', { name: 'Rotate' }).click();
  const second = await takeSecret(at);
  await rowOf(at, 'newsroom', 'Revoked').waitFor();
  await rowOf(at, 'newsroom', 'Active').waitFor();
  expect(await statusWith(second)).toBe(200);
  await expect.poll(() => statusWith(first)).toBe(401);

  await at.page.getByRole('button', { name: 'Revoke newsroom' }).press('Enter');
  const revoking = at.page.getByRole('dialog', { name: 'Revoke the token newsroom?' });
  await revoking.waitFor();
  expect(await at.violations()).toEqual([]);
  await at.page.keyboard.press('Escape');
  await revoking.waitFor({ state: 'detached' });
  await at.page.getByRole('button', { name: 'Revoke newsroom' }).press('Enter');
  await revoking.getByRole('button', { name: 'Revoke' }).press('Enter');
  await expect.poll(() => rowOf(at, 'newsroom', 'Revoked').count()).toBe(2);
  await expect.poll(() => at.page.locator('h1:focus').count()).toBe(1);
  expect(await at.page.getByRole('button', { name: 'Revoke newsroom' }).count()).toBe(0);
  await expect.poll(() => statusWith(second)).toBe(401);
  expect(at.errors).toEqual([]);
});

it('only scopes that one has can be given to others', async () => {
  const token = await tokenOf(partner.project, ['public-api:read', 'public-api:admin']);
  const at = await open('/tokens', { token, locale: 'de-DE' });
  await at.heading('Zugriffstoken');
  await rowOf(at, 'das Sie hier benutzen').getByRole('button', { name: 'test ersetzen' }).waitFor();
  expect(await rowOf(at, 'public-api:write').getByRole('button', { name: 'test ersetzen' }).count()).toBe(0);
  await at.page.getByRole('button', { name: 'Neues Token' }).click();
  const dialog = at.page.getByRole('dialog', { name: 'Neues Token' });
  await dialog.waitFor();
  expect(await dialog.getByRole('checkbox').count()).toBe(2);
  expect(await at.violations()).toEqual([]);
});

it('who replaces the token in use goes on with the new one, and who revokes it is signed out', async () => {
  const { token } = await newPartner();
  const at = await open('/tokens', { token, permissions: ['clipboard-read', 'clipboard-write'] });
  const own = rowOf(at, 'the one you use here');
  await own.getByRole('button', { name: 'Rotate' }).click();
  const rotating = at.page.getByRole('dialog', { name: 'Replace the token test?' });
  await rotating.getByLabel('The old token stays valid for').selectOption('not at all');
  await rotating.getByRole('button', { name: 'Rotate' }).click();
  const secret = await takeSecret(at);
  await expect.poll(() => statusWith(token)).toBe(401);
  await own.filter({ hasText: 'Active' }).waitFor();
  await own.getByRole('button', { name: 'Revoke' }).click();
  const revoking = at.page.getByRole('dialog', { name: 'Revoke the token test?' });
  await revoking.getByText('you will be signed out').waitFor();
  await revoking.getByRole('button', { name: 'Revoke' }).click();
  await at.heading('Sign in');
  await expect.poll(() => statusWith(secret)).toBe(401);
  expect(at.errors).toEqual([]);
});

it('without the scope there is nothing of it', async () => {
  const at = await open('/tokens', { token: await tokenOf(partner.project, ['public-api:write']) });
  await at.page.getByText('Your token lacks the scope public-api:admin.').waitFor();
  expect(await at.page.getByRole('link', { name: 'Access tokens' }).count()).toBe(0);
  expect(await at.page.getByRole('main').getByRole('button').count()).toBe(0);
});

it('a dialog whose call fails says why, and can be tried again', async () => {
  const at = await open('/tokens', { permissions: ['clipboard-read', 'clipboard-write'] });
  let isRefused = true;
  await at.page.route(/\/api\/v1\/auth\/tokens/, (route) => {
    if (!isRefused || route.request().method() === 'GET') return route.continue();
    const json = { status: 409, error: 'Conflict', error_details: { name: 'Is taken' } };
    return route.fulfill({ status: 409, json });
  });
  await at.page.getByRole('button', { name: 'New token' }).click();
  const making = at.page.getByRole('dialog', { name: 'New token' });
  await making.getByLabel('Name').fill('second try');
  await making.getByLabel('public-api:read').check();
  await pressRefused(making, 'Create token');
  expect(await at.violations()).toEqual([]);
  isRefused = false;
  await making.getByRole('button', { name: 'Create token' }).click();
  await takeSecret(at);

  isRefused = true;
  await at.page.getByRole('button', { name: 'Revoke second try' }).click();
  const revoking = at.page.getByRole('dialog', { name: 'Revoke the token second try?' });
  await pressRefused(revoking, 'Revoke');
  await revoking.getByRole('button', { name: 'Go back' }).click();
  await at.page.getByRole('button', { name: 'Rotate second try' }).click();
  await pressRefused(at.page.getByRole('dialog', { name: 'Replace the token second try?' }), 'Rotate');
});
