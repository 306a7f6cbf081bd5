import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startOrigin, type Origin } from '../support/origin.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { sha256Of, videoNamed } from './support/archive.js';
import { faultsOfFiles, orphans } from './support/audit.disk.js';
import { faultsOfImports } from './support/audit.imports.js';
import { audit } from './support/audit.js';
import { faultsOfVideos } from './support/audit.videos.js';
import { faultsOfWebhooks } from './support/audit.webhooks.js';
import { batchOf, ChaosInstallation, webhookAt } from './support/chaos-installation.js';
import type { PostedImport } from './support/posted.js';

/** Checks the audit itself: it has to detect every kind of fault. */
let installation: ChaosInstallation;
let origin: Origin;
let receiver: Receiver;
let posted: PostedImport;

const expectedSha256 = (url: string): string => sha256Of(videoNamed(new URL(url).pathname));

beforeAll(async () => {
  [installation, origin, receiver] = await Promise.all([
    // Long enough to remove nothing while the tests read it.
    ChaosInstallation.open({ ORPHAN_GRACE_MS: '1h' }),
    startOrigin(),
    startReceiver(),
  ]);
  origin.serve('/*', (path) => videoNamed(path));
  installation.startWorker();
  posted = await installation.post(
    await installation.newPartner(),
    'audited',
    batchOf([origin.url('/a.mp4'), origin.url('/b.mp4')]),
    { webhook: webhookAt(receiver) },
  );
  await installation.finished();
});
afterAll(async () => {
  await installation.close();
  await Promise.all([origin.close(), receiver.close()]);
});

it('finds no fault in a correct installation', async () => {
  expect(await audit(installation, { expectedSha256 })).toEqual([]);
});

/** Runs statements that break something, audits, and undoes them. */
async function spoiled(sql: string, check: () => Promise<string[]>, undo: string): Promise<string[]> {
  await installation.query(sql);
  try {
    return await check();
  } finally {
    await installation.query(undo);
  }
}

it('detects a wrong counter', async () => {
  const faults = await spoiled(
    'UPDATE imports SET success = 1, failed = 1',
    () => faultsOfImports(installation),
    'UPDATE imports SET success = 2, failed = 0',
  );
  expect(faults).toEqual([expect.stringContaining('the recount is')]);
});

it('detects an item that is left running', async () => {
  const faults = await spoiled(
    `UPDATE import_items
     SET state = 'running', lease_owner = gen_random_uuid(), lease_until = now(), finished_at = NULL WHERE position = 0`,
    () => faultsOfImports(installation),
    `UPDATE import_items SET state = 'success', lease_owner = NULL, lease_until = NULL, finished_at = now()`,
  );
  expect(faults).toContain(`Item 0 of ${posted.id} is left running`);
});

it('detects a missing import and an unknown one', async () => {
  const other = { ...posted, id: 'other' };
  installation.posted.splice(0, 1, other);
  try {
    expect(await faultsOfImports(installation)).toEqual([
      'Import other is missing',
      expect.stringContaining(`${posted.id} was never posted`),
    ]);
  } finally {
    installation.posted.splice(0, 1, posted);
  }
});

it('detects a video whose bytes differ from its source', async () => {
  const faults = await faultsOfVideos(installation, { expectedSha256: () => 'another' });
  expect(faults).toHaveLength(2);
});

it('detects a video from another source than its last import', async () => {
  const faults = await spoiled(
    `UPDATE media SET source_url = 'http://elsewhere.example' WHERE external_id = 'v0'`,
    () => faultsOfVideos(installation, { expectedSha256 }),
    `UPDATE media SET source_url = '${origin.url('/a.mp4')}' WHERE external_id = 'v0'`,
  );
  expect(faults).toEqual([expect.stringContaining('from http://elsewhere.example')]);
});

it('detects orphans and leftover downloads', async () => {
  const stray = [join(installation.dataDir, 'media/stray.mp4'), join(installation.dataDir, 'incoming/1.1')];
  for (const path of stray) await writeFile(path, 'stray');
  expect(await orphans(installation)).toEqual([
    'media/stray.mp4 is an orphan',
    'incoming/1.1 is a leftover download',
  ]);
  for (const path of stray) await rm(path);
});

it('detects a second message for one end, and a message that was never received', async () => {
  const faults = await spoiled(
    `INSERT INTO webhook_deliveries (id, project_id, import_id, url, receiver_host, body, state, delivered_at)
     SELECT 'msg_second', project_id, import_id, url, receiver_host, body, 'delivered', now() FROM webhook_deliveries`,
    () => faultsOfWebhooks(installation),
    `DELETE FROM webhook_deliveries WHERE id = 'msg_second'`,
  );
  expect(faults).toEqual([`Import ${posted.id} has 2 messages, not 1`]);
  const [unanswered] = [{ ...posted, webhook: webhookAt(receiver) }];
  installation.posted.splice(0, 1, unanswered);
  try {
    expect(await faultsOfWebhooks(installation)).toEqual([expect.stringContaining('was never received')]);
  } finally {
    installation.posted.splice(0, 1, posted);
  }
});

it('detects a message that differs from the counters', async () => {
  const faults = await spoiled(
    'UPDATE imports SET success = 1, skipped = 1',
    () => faultsOfWebhooks(installation),
    'UPDATE imports SET success = 2, skipped = 0',
  );
  expect(faults).toEqual([expect.stringContaining('but the import has')]);
});

it('detects a damaged file and a missing one', async () => {
  const media = join(installation.dataDir, 'media');
  const files = await readdir(media, { recursive: true, withFileTypes: true });
  const [first, second] = files
    .filter((file) => file.isFile() && !file.name.startsWith('.'))
    .map((file) => join(file.parentPath, file.name));
  await writeFile(first, 'damaged');
  await rm(second);
  expect((await faultsOfFiles(installation)).toSorted()).toEqual([
    expect.stringMatching(/has 7 bytes|is missing/),
    expect.stringMatching(/has 7 bytes|is missing/),
  ]);
});
