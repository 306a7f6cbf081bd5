import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startOrigin, type Origin } from '../../support/origin.js';
import { startChromium } from '../support/chromium.js';
import { ConsolePage } from './support/console-page.js';
import { nameProject, settle } from './support/fixed-data.js';
import { newPartner, type Partner } from './support/partner.js';
import { entry, newMp4 } from './support/scene.js';

const FOLDER = resolve('docs/console');
const NOW = new Date('2026-03-02T09:20:00Z');
const SIZE = { width: 1_200, height: 760 };

/** Of the page, as it is in the document; `wait` is a text that the page shows when it is complete. */
const PICTURES = [
  { name: 'imports', path: '/imports', wait: 'film archive' },
  { name: 'import', path: '/imports/newsroom', wait: 'Title of interview-01' },
  { name: 'failures', path: '/imports/newsroom?tab=failures', wait: 'Retry these' },
  { name: 'hosts', path: '/imports/newsroom?tab=hosts', wait: 'It answers.' },
  { name: 'item', path: '/imports/newsroom/items/3', wait: 'As it was posted' },
  { name: 'plan', path: '/imports/archive26', wait: 'ended otherwise than predicted' },
] as const;

let browser: Browser;
let origin: Origin;
let partner: Partner;

const name = (index: number): string => `interview-${String(index + 1).padStart(2, '0')}`;

/** Every eighth is missing. */
async function runImport(): Promise<string> {
  const ids = Array.from({ length: 48 }, (_, index) => name(index));
  for (const [index, id] of ids.entries()) if (index % 8 !== 3) origin.serve(`/${id}.mp4`, newMp4());
  const id = await partner.api.importVideos(
    'newsroom',
    ids.map((id) => entry(id, origin.url(`/${id}.mp4`))),
  );
  await partner.api.finished(id);
  return id;
}

/** One file is gone between the plan and the run. */
async function runPlan(): Promise<string> {
  origin.script('/lost.mp4', [{ body: newMp4() }, { status: 404 }]);
  const files = [0, 1, 2, 4, 5, 6, 8].map((index) => `/${name(index)}.mp4`);
  const urls = [...files, '/lost.mp4', '/never.mp4'];
  const videos = urls.map((url, index) => entry(`reel-${index + 1}`, origin.url(url)));
  const { body } = await partner.api.call<{ id: string }>('POST', '/api/v1/import/videos?mode=plan', {
    body: { systemName: 'film archive', videos },
  });
  await partner.api.finished(body.id);
  await partner.api.call('POST', `/api/v1/imports/${body.id}/apply`);
  await partner.api.finished(body.id);
  return body.id;
}

beforeAll(async () => {
  [browser, origin, partner] = await Promise.all([startChromium(), startOrigin(), newPartner()]);
  await mkdir(FOLDER, { recursive: true });
  await nameProject(partner, 'press');
  const [run, plan] = [await runImport(), await runPlan()];
  await settle({
    id: run,
    as: 'newsroom',
    host: 'archive.example.com',
    finishedAt: new Date('2026-03-02T09:12:00Z'),
  });
  await settle({
    id: plan,
    as: 'archive26',
    host: 'films.example.com',
    finishedAt: new Date('2026-03-02T09:17:00Z'),
  });
});
afterAll(async () => {
  await browser?.close();
  await origin?.close();
});

it.each(PICTURES)('$name', async ({ name, path, wait }) => {
  const at = await ConsolePage.open(browser, '/', {
    token: partner.token,
    viewport: SIZE,
    reducedMotion: 'reduce',
  });
  await at.page.clock.setFixedTime(NOW);
  await at.page.goto(`${at.server}/console${path}`);
  await at.page.getByText(wait).first().waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await at.page.emulateMedia({ colorScheme });
    await at.page.screenshot({ path: `${FOLDER}/${name}-${colorScheme}.png`, animations: 'disabled' });
  }
  expect(at.errors).toEqual([]);
  await at.close();
});
