import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createClient,
  InterruptedReconciliationError,
  type Client,
  type ReconcileLine,
  type ReconcileOptions,
} from '#libs/client';
import { ClientCommand } from '../support/client-command.js';
import { startReelport, type Reelport, type TestProject } from '../support/reelport.js';

const HASH = 'a'.repeat(64);
const OTHER_HASH = 'b'.repeat(64);
/** `MANIFEST_LINES=10000000 npx vitest run test/e2e/reconcile.spec.ts` takes some minutes. */
const MANY = Number(process.env['MANIFEST_LINES'] ?? 200_000);
/** Milliseconds; for 200 000 lines that of every test. */
const LONG_MANIFEST_MS = Math.max(180_000, MANY / 2);

let reelport: Reelport;
let project: TestProject;
let token: string;
let client: Client;

beforeAll(async () => {
  // A heap that cannot hold the long manifest.
  reelport = await startReelport({ NODE_OPTIONS: '--max-semi-space-size=4 --max-old-space-size=96' }, [
    'main',
  ]);
  project = await reelport.createProject();
  token = await reelport.createToken(project);
  client = createClient({ url: reelport.url, token });
});
afterAll(() => reelport?.remove());

/** Media of a system, all with the same file of 10 bytes. */
async function store(systemName: string, externalIds: readonly string[], owner = project): Promise<void> {
  const { dataSource } = reelport.database;
  await dataSource.query(
    `INSERT INTO assets (project_id, kind, sha256, size, mime_type, facts, storage_key)
     VALUES ($1::integer, 'videos', $2, 10, 'video/mp4', '{}', 'key-' || $1::text) ON CONFLICT DO NOTHING`,
    [owner.id, HASH],
  );
  await dataSource.query(
    `INSERT INTO media (id, project_id, kind, system_name, external_id, title, metadata, import_sequence,
       version_sequence, source_url, asset_id)
     SELECT substr(md5(random()::text), 1, 12), $1, 'videos', $2, id, 't', '{}', 1, 1, 'https://a.example/',
       (SELECT asset.id FROM assets asset WHERE asset.project_id = $1)
     FROM unnest($3::text[]) id`,
    [owner.id, systemName, externalIds],
  );
}

async function reconcile(
  manifest: string | Uint8Array<ArrayBuffer>,
  options: Partial<ReconcileOptions> & { systemName: string },
): Promise<ReconcileLine[]> {
  const lines: ReconcileLine[] = [];
  for await (const line of client.imports.reconcile(manifest, { format: 'csv', ...options }))
    lines.push(line);
  return lines;
}

function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>): Promise<Response> {
  return fetch(`${reelport.url}/api/v1/imports/reconcile?systemName=s`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
}

const utf16be = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(text, 'utf16le').swap16());

async function sessions(): Promise<number> {
  const rows = await reelport.database.dataSource.query<[{ count: number }]>(
    `SELECT count(*)::integer AS count FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'reelport reconcile'`,
  );
  return rows[0].count;
}

describe('the reconciliation', () => {
  it('finds every kind of difference', async () => {
    await store('kinds', ['same', 'bare', 'other hash', 'other size', 'extra', 'EXTRA']);
    const manifest = [
      'Size;External ID;SHA-256;Note',
      `10;same;${HASH.toUpperCase()};`,
      ';bare;;',
      `10;other hash;${OTHER_HASH};`,
      `11;other size;${HASH};`,
      '12;"missing;""1""";;',
    ].join('\r\n');
    const file = { sha256: HASH, size: 10 };
    const mediaId = expect.stringMatching(/^\w{12}$/);
    expect(await reconcile(manifest, { systemName: 'kinds' })).toEqual([
      {
        type: 'manifest',
        systemName: 'kinds',
        kind: 'videos',
        format: 'csv',
        encoding: 'utf-8',
        byteOrderMark: false,
        delimiter: ';',
        columns: ['externalId', 'sha256', 'size'],
        ignoredColumns: ['Note'],
      },
      { type: 'missing', externalId: 'missing;"1"', line: 6, expected: { size: 12 } },
      { type: 'extra', externalId: 'EXTRA', mediaId, actual: file },
      { type: 'extra', externalId: 'extra', mediaId, actual: file },
      {
        type: 'different',
        externalId: 'other hash',
        line: 4,
        mediaId,
        expected: { sha256: OTHER_HASH, size: 10 },
        actual: file,
      },
      {
        type: 'different',
        externalId: 'other size',
        line: 5,
        mediaId,
        expected: { sha256: HASH, size: 11 },
        actual: file,
      },
      { type: 'summary', rows: 5, matched: 2, missing: 1, extra: 2, different: 2, faults: 0 },
    ]);
  });

  it('sees the media of its own project and system only', async () => {
    const stranger = await reelport.createProject();
    await store('shared', ['theirs'], stranger);
    await store('another', ['mine too']);
    await store('shared', ['mine']);
    const lines = await reconcile('externalId\nmine\ntheirs\nmine too', { systemName: 'shared' });
    expect(lines.slice(1)).toEqual([
      { type: 'missing', externalId: 'theirs', line: 3 },
      { type: 'missing', externalId: 'mine too', line: 4 },
      { type: 'summary', rows: 3, matched: 1, missing: 2, extra: 0, different: 0, faults: 0 },
    ]);
  });

  it('names line and column of faulty CSV, which is neither missing nor swallows its neighbours', async () => {
    await store('csv', ['a', 'b', 'c', 'd', 'e', 'two\nlines']);
    const manifest = [
      'externalId,sha256,size',
      'a,,',
      'bad"quote,,',
      'b,,',
      '"closed"late,,',
      'c,,',
      '"never closed,,',
      'd,,',
      'few',
      'a,abc,',
      'f,,-1',
      ',,',
      '',
      '"two',
      'lines",,',
      'd,,',
      'e,,',
    ].join('\n');
    const lines = await reconcile(manifest, { systemName: 'csv' });
    expect(lines.slice(1)).toEqual([
      {
        type: 'fault',
        line: 3,
        column: 4,
        sentence: 'A field with a quote must be quoted, and its quotes doubled',
      },
      { type: 'fault', line: 5, column: 9, sentence: 'A closing quote must be followed by the delimiter' },
      { type: 'fault', line: 7, column: 1, sentence: 'A quote must be closed within 65536 characters' },
      { type: 'fault', line: 9, column: 1, sentence: 'Must have 3 fields, not 1' },
      { type: 'fault', line: 10, column: 3, field: 'sha256', sentence: 'Must be 64 hexadecimal digits' },
      { type: 'fault', line: 11, column: 4, field: 'size', sentence: 'Must be a number of bytes, in digits' },
      {
        type: 'fault',
        line: 12,
        column: 1,
        field: 'externalId',
        sentence: 'Must be a string of 1 to 255 characters',
      },
      {
        type: 'fault',
        line: 16,
        field: 'externalId',
        sentence: 'Duplicates the externalId of line 8',
      },
      { type: 'summary', rows: 14, matched: 6, missing: 0, extra: 0, different: 0, faults: 8 },
    ]);
  });

  it('names line and column of faulty NDJSON', async () => {
    await store('ndjson', ['a']);
    const manifest = [
      '{"externalId":"a","size":10,"note":1}',
      '',
      '{"externalId":"b"',
      '["c"]',
      '{"size":1}',
      '{"externalId":"d","size":"10"}',
      `{"externalId":"${'x'.repeat(70_000)}"}`,
      '{"externalId":"e","sha256":null}',
    ].join('\n');
    const lines = await reconcile(manifest, { systemName: 'ndjson', format: 'ndjson' });
    expect(lines).toEqual([
      expect.objectContaining({ type: 'manifest', format: 'ndjson', columns: ['externalId', 'size'] }),
      { type: 'missing', externalId: 'e', line: 8 },
      { type: 'fault', line: 3, column: 18, sentence: expect.stringContaining('Must be valid JSON') },
      { type: 'fault', line: 4, column: 1, sentence: 'Must be a JSON object' },
      expect.objectContaining({ type: 'fault', line: 5, column: 1, field: 'externalId' }),
      { type: 'fault', line: 6, column: 26, field: 'size', sentence: 'Must be a number' },
      { type: 'fault', line: 7, column: 65_537, sentence: 'Must have at most 65536 bytes' },
      { type: 'summary', rows: 7, matched: 1, missing: 1, extra: 0, different: 0, faults: 5 },
    ]);
  });

  it.each([
    ['utf-8', false, Uint8Array.from(Buffer.from('externalId\nÜbung 🎬\n'))],
    ['utf-8', true, Uint8Array.from(Buffer.from('\uFEFFexternalId\nÜbung 🎬\n'))],
    ['utf-16le', true, Uint8Array.from(Buffer.from('\uFEFFexternalId\nÜbung 🎬\n', 'utf16le'))],
    ['utf-16be', true, utf16be('\uFEFFexternalId\nÜbung 🎬\n')],
    ['windows-1252', false, Uint8Array.from(Buffer.from('externalId\nÜbung\n', 'latin1'))],
  ])('reads %s (byte order mark: %s), and says so', async (encoding, byteOrderMark, manifest) => {
    const systemName = `${encoding} ${byteOrderMark}`;
    await store(systemName, [encoding === 'windows-1252' ? 'Übung' : 'Übung 🎬']);
    const [head, ...rest] = await reconcile(manifest, { systemName });
    expect(head).toMatchObject({ encoding, byteOrderMark });
    expect(rest).toMatchObject([{ type: 'summary', rows: 1, matched: 1 }]);
  });

  it('names a line that is not UTF-8 in a manifest that is', async () => {
    const lines = Buffer.from('externalId\nÜbung\n?bung\n');
    lines[lines.indexOf('?')] = 0xdc;
    const read = await reconcile(Uint8Array.from(lines), { systemName: 'mixed' });
    expect(read.slice(1)).toMatchObject([
      { type: 'missing', externalId: 'Übung' },
      { type: 'fault', line: 3, column: 1, sentence: 'Must be valid UTF-8' },
      { type: 'summary', rows: 2, missing: 1, faults: 1 },
    ]);
  });

  it('reads gzip', async () => {
    const csv = { 'content-type': 'text/csv', 'content-encoding': 'gzip' };
    const response = await post(Uint8Array.from(gzipSync('externalId\na\n')), csv);
    expect(await response.text()).toContain('"rows":1');
    const refused = await post('externalId\na\n', csv);
    expect(await refused.json()).toMatchObject({
      status: 400,
      error_details: { body: 'Must be gzip, as Content-Encoding says' },
    });
  });

  it.each([
    ['text/csv', 'id\na\n', 400, { externalId: 'Required: a column of this name in the header line' }],
    ['text/csv', '', 400, { externalId: 'Required: a column of this name in the header line' }],
    ['text/plain', 'externalId\n', 415, { 'content-type': 'Must be text/csv or application/x-ndjson' }],
    ['application/json', '{}', 415, { 'content-type': 'Must be text/csv or application/x-ndjson' }],
  ])('refuses %s: %j', async (type, body, status, error_details) => {
    const response = await post(body, { 'content-type': type });
    expect(await response.json()).toMatchObject({ status, error_details });
  });

  it('is the only route that takes a streamed body', async () => {
    const response = await fetch(`${reelport.url}/api/v1/import/videos`, {
      method: 'POST',
      body: 'externalId\n',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    });
    expect(await response.json()).toMatchObject({
      status: 415,
      error_details: { 'content-type': 'Must be application/json' },
    });
  });

  it(`compares ${MANY} lines with a heap that cannot hold them`, { timeout: LONG_MANIFEST_MS }, async () => {
    await store('many', ['id-0', 'id-1']);
    let next = 0;
    const manifest = new ReadableStream<Uint8Array>({
      pull(controller) {
        const rows = Array.from({ length: 1_000 }, () => `id-${next++},${HASH},10,${'x'.repeat(400)}\n`);
        if (next === 1_000) rows.unshift('externalId,sha256,size,note\n');
        controller.enqueue(Buffer.from(rows.join('')));
        if (next >= MANY) controller.close();
      },
    });
    let missing = 0;
    let last: ReconcileLine | undefined;
    for await (const line of client.imports.reconcile(manifest, { systemName: 'many', format: 'csv' })) {
      if (line.type === 'missing') missing += 1;
      last = line;
    }
    expect(last).toMatchObject({ type: 'summary', rows: MANY, matched: 2, missing: MANY - 2 });
    expect(missing).toBe(MANY - 2);
  });

  it('bounds the reconciliations of a project, and ends them with their clients', async () => {
    const uploads = Array.from({ length: 2 }, () => {
      const upload = request(`${reelport.url}/api/v1/imports/reconcile?systemName=s`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
      });
      upload.on('error', () => undefined);
      upload.write('externalId\n');
      return upload;
    });
    await expect.poll(sessions).toBe(2);
    const refused = await post('externalId\n', { 'content-type': 'text/csv' });
    expect({ status: refused.status, retryAfter: refused.headers.get('retry-after') }).toEqual({
      status: 429,
      retryAfter: '30',
    });
    for (const upload of uploads) upload.destroy();
    await expect.poll(sessions).toBe(0);
  });
});

it('the client knows an interrupted response', async () => {
  const broken = createClient({
    url: 'http://reelport.invalid',
    token: '',
    fetch: async () =>
      new Response('{"type":"manifest"}\n', { headers: { 'content-type': 'application/x-ndjson' } }),
  });
  const lines = broken.imports.reconcile('', { systemName: 's', format: 'csv' });
  expect((await lines.next()).value).toEqual({ type: 'manifest' });
  await expect(lines.next()).rejects.toThrow(InterruptedReconciliationError);
});

describe('reelport reconcile', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reelport-reconcile-'));
    await store('cli', ['1', '2', '3']);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function run(
    content: string,
    ...more: string[]
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const list = join(folder, 'list.csv');
    await writeFile(list, content);
    const command = new ClientCommand(['reconcile', list, '--system', 'cli', ...more], {
      REELPORT_URL: reelport.url,
      REELPORT_TOKEN: token,
      XDG_CONFIG_HOME: folder,
    });
    return { code: await command.end(), stdout: command.stdout, stderr: command.stderr };
  }

  it('ends with 0 if the library is complete', async () => {
    const { code, stdout, stderr } = await run('id;url;size\n1;u;10\n2;u;\n3;u;10\n');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('3 lines: 3 match, 0 missing, 0 extra, 0 different, 0 faults');
  });

  it('says that the system has no media, which a typing error would explain', async () => {
    const typo = await run('id\n1\n', '--system', 'newsrom');
    expect(typo).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('The library has no videos of the system "newsrom"; check its name'),
    });
    expect(typo.stderr).toContain('1 line: 0 match, 1 missing');
    expect((await run('id\n9\n')).stderr).not.toContain('check its name');
  });

  it('reads lines that end in each way as the server does', async () => {
    const { code, stderr } = await run('id,size\r\n1,10\r\n2,10\n3,10\r');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('3 lines: 3 match') });
  });

  it('ends with 7 otherwise, and names the lines of the input', async () => {
    const output = join(folder, 'differences.ndjson');
    const list = 'Nr,Hash\n1,\n\n4,\n1,\n2,zz\ntoo,many,fields\n';
    const { code, stdout } = await run(list, '--map', 'id=Nr', '--output', output, '--json');
    expect({ code, total: JSON.parse(stdout) }).toEqual({
      code: 7,
      total: { type: 'summary', rows: 5, matched: 1, missing: 1, extra: 2, different: 0, faults: 3 },
    });
    const lines = (await readFile(output, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { type: 'missing', externalId: '4', line: 4 },
      { type: 'extra', externalId: '2' },
      { type: 'extra', externalId: '3' },
      { type: 'fault', line: 5, sentence: 'Duplicates the externalId of line 2' },
      { type: 'fault', line: 6, field: 'sha256' },
      { type: 'fault', line: 7, sentence: 'Has 3 fields instead of 2' },
    ]);
  });
});
