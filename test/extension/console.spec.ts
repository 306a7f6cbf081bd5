import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { startChromium } from '../browser/support/chromium.js';
import { ConsolePage } from '../browser/console/support/console-page.js';
import { ApiClient } from '../support/api.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { newPng } from './support/new-png.js';
import { runNpm } from './support/run-npm.js';
import { TeamApp } from './support/team-app.js';

/** A copy, because packages.spec.ts builds the example itself; hidden, so that it is not taken for a package. */
const folder = join(inject('installed'), '.images-with-console');

let app: TeamApp;
let browser: Browser;
let origin: Origin;
let token: string;

beforeAll(async () => {
  await cp(join(inject('installed'), 'images'), folder, { recursive: true });
  await runNpm(['run', 'build'], folder);
  [app, browser, origin] = await Promise.all([TeamApp.of(folder), startChromium(), startOrigin()]);
  await app.start();
  const scopes = ['--scope', 'public-api:write', '--scope', 'public-api:read'];
  token = await app.command('token', 'create', '--project', 'press', '--name', 'desk', ...scopes);
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
  await origin?.close();
  await rm(folder, { recursive: true, force: true });
});

it('the console of the tarball shows the pictures of the images example, without knowing the kind', async () => {
  origin.serve('/sunrise.png', newPng(32, 18), { contentType: 'image/png' });
  const image = { id: 'sunrise', url: origin.url('/sunrise.png'), fileName: 'Sunrise', metadata: {} };
  const posted = await new ApiClient(app.url, token).call('POST', '/api/v1/import/images', {
    body: { systemName: 'agency', images: [image] },
  });
  expect(posted.status).toBe(200);

  const at = await ConsolePage.open(browser, '/imports', { token, server: app.url });
  await at.page.getByRole('link', { name: 'agency' }).click();
  await at.page.getByRole('region', { name: 'Progress' }).getByText('100 %').waitFor();
  await at.page.getByRole('link', { name: 'Sunrise' }).click();
  await at.page.getByRole('main').getByRole('img', { name: 'Sunrise' }).waitFor();
  await expect
    .poll(() => at.page.evaluate<number>(`document.querySelector('main figure img').naturalWidth`))
    .toBe(32);
  expect(await at.violations()).toEqual([]);
  expect(at.errors).toEqual([]);
  expect(at.strangers).toEqual([]);
});
