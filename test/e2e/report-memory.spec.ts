import { afterAll, beforeAll, expect, it } from 'vitest';
import { residentMemory } from '../support/resident-memory.js';
import { startReelport, type Reelport, type TestProject } from '../support/reelport.js';

const FEW = 1_000;
const MANY = 1_000_000;
/** Bytes read between two memory samples. */
const LOOK_EVERY_BYTES = 1_000_000;

let reelport: Reelport;
let project: TestProject;
let token: string;

beforeAll(async () => {
  // A small heap, so that retained memory exceeds uncollected garbage.
  reelport = await startReelport({ NODE_OPTIONS: '--max-semi-space-size=4 --max-old-space-size=96' }, [
    'main',
  ]);
  project = await reelport.createProject();
  token = await reelport.createToken(project);
  // A million foreign-key checks take longer than the whole test.
  await reelport.database.dataSource.query(
    'ALTER TABLE import_items DROP CONSTRAINT import_items_import_id_fkey',
  );
  await writeEnded('few', FEW);
  await writeEnded('many', MANY);
});
afterAll(() => reelport?.remove());

/** Inserts a finished import with this number of videos. */
async function writeEnded(importId: string, count: number): Promise<void> {
  const { dataSource } = reelport.database;
  await dataSource.query(
    `INSERT INTO imports (id, project_id, kind, system_name, total, success, state, finished_at)
     VALUES ($1, $2, 'videos', 's', $3::integer, $3::integer, 'success', now())`,
    [importId, project.id, count],
  );
  await dataSource.query(
    `INSERT INTO import_items (import_id, position, external_id, title, payload, origin_host, state, result, tries,
       finished_at)
     SELECT $1, n, 'video-' || n, 't', '{}', 'archive.example.com', 'success',
       jsonb_build_object('mediaId', lpad(n::text, 12, '0')), 1, now()
     FROM generate_series(0, $2::integer - 1) n`,
    [importId, count],
  );
}

interface Reading {
  rows: number;
  /** Maximum resident memory of the process, in bytes. */
  most: number;
}

async function readReport(importId: string): Promise<Reading> {
  const response = await fetch(`${reelport.url}/api/v1/imports/${importId}/report?format=ndjson`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const reading = { rows: 0, most: 0 };
  let sinceLook = LOOK_EVERY_BYTES;
  for await (const chunk of response.body!) {
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) reading.rows += 1;
    sinceLook += chunk.length;
    if (sinceLook < LOOK_EVERY_BYTES) continue;
    sinceLook = 0;
    reading.most = Math.max(reading.most, await residentMemory(reelport.pid('main')));
  }
  return reading;
}

it(`The report of ${MANY} items takes hardly more memory than that of ${FEW}`, async () => {
  let most = 0;
  // Repeat until the process has reached its working size.
  for (let time = 0; time < 30; time += 1) {
    const few = await readReport('few');
    expect(few.rows).toBe(FEW);
    most = Math.max(most, few.most);
  }
  const many = await readReport('many');
  expect(many.rows).toBe(MANY);
  expect(many.most).toBeLessThan(1.5 * most);
});
