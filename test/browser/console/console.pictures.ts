import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startOrigin, type Origin } from '../../support/origin.js';
import { startReceiver, type Receiver } from '../../support/receiver.js';
import { until } from '../../support/until.js';
import { startChromium } from '../support/chromium.js';
import { ConsolePage } from './support/console-page.js';
import { nameProject, nameReceiver, nameTokens, settle } from './support/fixed-data.js';
import { newPartner, tokenOf, type Partner } from './support/partner.js';
import { entry, newMp4 } from './support/scene.js';

const FOLDER = resolve('docs/console');
const NOW = new Date('2026-03-02T09:20:00Z');
const SIZE = { width: 1_200, height: 760 };

interface Picture {
  name: string;
  path: string;
  /** Text that the page shows when it is complete. */
  wait: string;
  /** What a user does before. */
  act?: (at: ConsolePage) => Promise<void>;
  /** Whether the page shows the present: its token is used at this moment. */
  isLive?: boolean;
}

/** In the order of the document. */
const PICTURES: readonly Picture[] = [
  { name: 'imports', path: '/imports', wait: 'film archive' },
  { name: 'import', path: '/imports/newsroom', wait: 'Imported', act: waitForCodes },
  { name: 'failures', path: '/imports/newsroom?tab=failures', wait: 'Retry these' },
  { name: 'hosts', path: '/imports/newsroom?tab=hosts', wait: 'It answers.' },
  { name: 'item', path: '/imports/newsroom/items/3', wait: 'As it was posted' },
  { name: 'plan', path: '/imports/archive26', wait: 'ended otherwise than predicted', act: waitForCodes },
  { name: 'new-import', path: '/new', wait: '2 faults', act: chooseTable },
  { name: 'webhooks', path: '/webhooks', wait: 'hooks.example.com' },
  { name: 'library', path: '/library', wait: 'Title of interview-01' },
  { name: 'tokens', path: '/tokens', wait: 'nightly import', isLive: true },
];

let browser: Browser;
let origin: Origin;
let partner: Partner;
let receiver: Receiver;
/** Answers 410, so that no attempt follows. */
let failing: Receiver;

/** As a spreadsheet writes it, with two faults. */
async function chooseTable(at: ConsolePage): Promise<void> {
  const rows = [
    'asset_id;video_url;headline',
    'reel-1;https://films.example.com/reel-1.mp4;Harbour at dawn',
    'reel-2;ftp://films.example.com/reel-2.mp4;Market square',
    'reel-3;https://films.example.com/reel-3.mp4;The old bridge',
    'reel-1;https://films.example.com/reel-4.mp4;Night train',
  ];
  const buffer = Buffer.from(rows.join('\r\n'));
  await at.page
    .getByLabel('Choose a file')
    .setInputFiles({ name: 'films.csv', mimeType: 'text/csv', buffer });
}

/** The last part of the page of an import that is loaded. */
function waitForCodes(at: ConsolePage): Promise<void> {
  return at.page.getByTitle('Code', { exact: true }).waitFor();
}

const name = (index: number): string => `interview-${String(index + 1).padStart(2, '0')}`;

/** Every eighth is missing. */
async function runImport(): Promise<string> {
  const ids = Array.from({ length: 48 }, (_, index) => name(index));
  for (const [index, id] of ids.entries()) if (index % 8 !== 3) origin.serve(`/${id}.mp4`, newMp4());
  const id = await partner.api.importVideos(
    'newsroom',
    ids.map((id) => entry(id, origin.url(`/${id}.mp4`))),
    { webhook: receiver.url() },
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
    body: { systemName: 'film archive', videos, webhook: failing.url() },
  });
  await partner.api.finished(body.id);
  await partner.api.call('POST', `/api/v1/imports/${body.id}/apply`);
  await partner.api.finished(body.id);
  return body.id;
}

async function attemptsOfDeliveries(): Promise<number[]> {
  const { body } = await partner.api.call<{ results: Array<{ attempts: unknown[] }> }>(
    'GET',
    '/api/v1/webhooks/deliveries',
  );
  return body.results.map(({ attempts }) => attempts.length);
}

beforeAll(async () => {
  [browser, origin, partner, receiver, failing] = await Promise.all([
    startChromium(),
    startOrigin(),
    newPartner(),
    startReceiver(),
    startReceiver(),
  ]);
  failing.answer({ status: 410, body: 'This address is no longer used' });
  await mkdir(FOLDER, { recursive: true });
  await nameProject(partner, 'press');
  await tokenOf(partner.project, ['public-api:write']);
  await tokenOf(partner.project, ['public-api:read']);
  await nameTokens(partner, ['newsroom desk', 'nightly import', 'player']);
  const [run, plan] = [await runImport(), await runPlan()];
  await until('both deliveries to be attempted', async () => (await attemptsOfDeliveries()).join() === '1,1');
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
  await nameReceiver(partner, 'https://hooks.example.com/reelport');
});
afterAll(async () => {
  await browser?.close();
  await origin?.close();
  await receiver?.close();
  await failing?.close();
});

it.each(PICTURES)('$name', async ({ name, path, wait, act, isLive = false }) => {
  const at = await ConsolePage.open(browser, '/', {
    token: partner.token,
    viewport: SIZE,
    reducedMotion: 'reduce',
  });
  if (!isLive) await at.page.clock.setFixedTime(NOW);
  await at.page.goto(`${at.server}/console${path}`);
  await act?.(at);
  await at.page.getByText(wait).first().waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await at.page.emulateMedia({ colorScheme });
    await at.page.screenshot({ path: `${FOLDER}/${name}-${colorScheme}.png`, animations: 'disabled' });
  }
  expect(at.errors).toEqual([]);
  await at.close();
});
