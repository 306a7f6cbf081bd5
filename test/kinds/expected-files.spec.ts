import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostKey } from '#libs/outbound-http';
import { defineExtension, defineMediaKind, defineStep } from '../../src/extension/index.js';
import type { MediaPayload } from '../../src/media/media-import.js';
import { createProject } from '../support/accounts.js';
import type { Answer } from '../support/origin.js';
import { Installation, type ItemRow } from './installation.js';

const MAX_BYTES = 8_000_000;
/** Above what stays in memory during a download. */
const LARGE = 2_000_000;
const SAME_ETAG = '"the-same"';

const installations: Installation[] = [];
let installation: Installation;
let seen: string[] = [];

const kindOf = (name: string) =>
  defineMediaKind({
    name,
    noun: `${name}_note`,
    maxBytes: MAX_BYTES,
    types: { 'text/plain': 'txt' },
    facts: {},
    codes: {},
    identify: () => Promise.resolve({ mimeType: 'text/plain' as const, facts: {} }),
  });

const stepOf = (kind: string, files: 'new' | 'every') =>
  defineStep({
    name: `${kind}-step`,
    kinds: [kind],
    before: 'store',
    files,
    timeoutMs: 10_000,
    codes: {},
    run: ({ sha256 }) => {
      seen.push(`${kind} ${sha256}`);
      return Promise.resolve();
    },
  });

const notes = defineExtension({
  name: 'notes',
  kinds: [kindOf('plain'), kindOf('scanned'), kindOf('watched')],
  steps: [stepOf('scanned', 'new'), stepOf('watched', 'every')],
});

beforeAll(async () => {
  installation = await Installation.open();
  installations.push(installation);
  await installation.start([notes], { RETRY_SCHEDULE: '10ms,10ms,10ms' });
});
afterAll(() => Promise.all(installations.map((one) => one.close())));

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const textOf = (length = 40): Buffer => Buffer.from(randomUUID().padEnd(length, '.'));
const isFinal = ({ state }: ItemRow): boolean => ['success', 'skipped', 'failed'].includes(state);

/** Imports one item and waits for its end. */
async function importOne(
  payload: Partial<MediaPayload> & { url: string },
  { id = randomUUID(), kind = 'plain', projectId }: { id?: string; kind?: string; projectId?: number } = {},
): Promise<ItemRow> {
  const item = {
    externalId: id,
    title: id,
    payload: { metadata: {}, ...payload },
    originHost: hostKey(payload.url),
  };
  const importId = await installation.accept(kind, [item], projectId);
  const ended = async (): Promise<boolean> => (await installation.items(importId)).every(isFinal);
  await expect.poll(ended, { timeout: 60_000 }).toBe(true);
  const [row] = await installation.items(importId);
  return row;
}

/** Scripts a new path. */
function served(...answers: Answer[]): { path: string; url: string } {
  const path = `/${randomUUID()}`;
  installation.origin.script(path, answers);
  return { path, url: installation.origin.url(path) };
}

const requests = (path: string) => installation.origin.requestsTo(path);

describe('a file with expected hash and size', () => {
  it('is imported if it has them', async () => {
    const body = textOf();
    const { url } = served({ body });
    expect(await importOne({ url, sha256: sha256(body), size: body.length })).toMatchObject({
      state: 'success',
      result: { sha256: sha256(body), size: body.length },
    });
  });

  it('fails after two attempts if the hash is another, and says both', async () => {
    const [expected, body] = [sha256(textOf()), textOf()];
    const { path, url } = served({ body });
    expect(await importOne({ url, sha256: expected })).toMatchObject({
      state: 'failed',
      code: 'CHECKSUM_MISMATCH',
      reason:
        'The plain_note is not the expected file (damaged in transit, or another at the source): ' +
        `expected SHA-256 ${expected.slice(0, 12)}…, received ${sha256(body).slice(0, 12)}…`,
    });
    expect(requests(path)).toHaveLength(2);
  });

  it('fails before the body is read if the announced length is another', async () => {
    const { path, url } = served({ body: textOf(LARGE), hang: 'body' });
    const { code, reason } = await importOne({ url, size: LARGE - 1 });
    expect({ code, reason }).toEqual({
      code: 'CHECKSUM_MISMATCH',
      reason: expect.stringContaining(`expected ${LARGE - 1} bytes, the server announced ${LARGE}`),
    });
    expect(requests(path)).toHaveLength(2);
  });

  it('fails if an unannounced length is another', async () => {
    const short = served({ body: textOf(40), chunked: true });
    expect(await importOne({ url: short.url, size: 41 })).toMatchObject({
      code: 'CHECKSUM_MISMATCH',
      reason: expect.stringContaining('expected 41 bytes, received 40'),
    });
    const long = served({ body: textOf(LARGE), chunked: true });
    expect(await importOne({ url: long.url, size: 41 })).toMatchObject({
      code: 'CHECKSUM_MISMATCH',
      reason: expect.stringContaining('expected 41 bytes, received more'),
    });
  });

  it('fails at once, without a request, if the size exceeds the limit of the kind', async () => {
    const { path, url } = served({ body: textOf() });
    expect(await importOne({ url, size: MAX_BYTES + 1 })).toMatchObject({ code: 'TOO_LARGE' });
    expect(requests(path)).toEqual([]);
  });
});

describe('the attempt after a mismatch', () => {
  it('downloads from the start, without a condition that would confirm the bad bytes', async () => {
    const [bad, good] = [textOf(LARGE), textOf(LARGE)];
    const { path, url } = served({ body: bad, etag: SAME_ETAG }, { body: good, etag: SAME_ETAG });
    expect(await importOne({ url, sha256: sha256(good) })).toMatchObject({
      state: 'success',
      result: { sha256: sha256(good) },
    });
    const [, second] = requests(path);
    expect(second?.headers).not.toHaveProperty('range');
    expect(second?.headers).not.toHaveProperty('if-none-match');
  });

  it('does not continue a bad file that was downloaded in two parts', async () => {
    const [bad, good] = [textOf(LARGE), textOf(LARGE)];
    const broken = { body: bad, etag: SAME_ETAG, cutAfterBytes: LARGE / 2 };
    const { path, url } = served(broken, { body: bad, etag: SAME_ETAG }, { body: good, etag: SAME_ETAG });
    expect(await importOne({ url, sha256: sha256(good) })).toMatchObject({
      state: 'success',
      result: { sha256: sha256(good) },
    });
    const [, second, third] = requests(path);
    expect(second?.headers).toHaveProperty('range');
    expect(third?.headers).not.toHaveProperty('range');
  });
});

describe('an expected hash', () => {
  it('is stronger than an unchanged source', async () => {
    const [first, second] = [textOf(), textOf()];
    const { path, url } = served({ body: first, etag: SAME_ETAG });
    const id = randomUUID();
    await importOne({ url }, { id });
    expect(await importOne({ url }, { id })).toMatchObject({ state: 'skipped' });
    expect(requests(path)[1]?.headers).toHaveProperty('if-none-match');

    expect(await importOne({ url, sha256: sha256(second) }, { id })).toMatchObject({
      state: 'failed',
      code: 'CHECKSUM_MISMATCH',
    });
    expect(await importOne({ url, size: first.length + 1 }, { id })).toMatchObject({
      state: 'failed',
      code: 'CHECKSUM_MISMATCH',
    });
    for (const { headers } of requests(path).slice(2)) expect(headers).not.toHaveProperty('if-none-match');
  });
});

describe('bytes that the project has stored', () => {
  it('are registered under another id without a request', async () => {
    const body = textOf();
    await importOne({ url: served({ body }).url });
    const { path, url } = served({ body });
    expect(await importOne({ url, sha256: sha256(body), size: body.length })).toMatchObject({
      state: 'success',
      result: { sha256: sha256(body), size: body.length },
    });
    expect(requests(path)).toEqual([]);
    const media = await installation.database.dataSource.query(
      `SELECT source_url AS "sourceUrl", etag, last_modified AS "lastModified" FROM media WHERE source_url = $1`,
      [url],
    );
    expect(media).toEqual([{ sourceUrl: url, etag: null, lastModified: null }]);
  });

  it('are skipped without a request if the medium has them, and keep the validators of the same source', async () => {
    const body = textOf();
    const { path, url } = served({ body, etag: SAME_ETAG });
    const id = randomUUID();
    await importOne({ url }, { id });
    expect(await importOne({ url, sha256: sha256(body) }, { id })).toMatchObject({
      state: 'skipped',
      reason: 'already exists',
    });
    expect(requests(path)).toHaveLength(1);
    const media = await installation.database.dataSource.query(
      'SELECT etag FROM media WHERE source_url = $1',
      [url],
    );
    expect(media).toEqual([{ etag: SAME_ETAG }]);
  });

  it('are downloaded if the expected size contradicts them', async () => {
    const body = textOf();
    await importOne({ url: served({ body }).url });
    const { path, url } = served({ body });
    expect(await importOne({ url, sha256: sha256(body), size: body.length + 1 })).toMatchObject({
      code: 'CHECKSUM_MISMATCH',
    });
    expect(requests(path)).toHaveLength(2);
  });

  it('are downloaded for another project, which may not have them', async () => {
    const body = textOf();
    await importOne({ url: served({ body }).url });
    const projectId = (await createProject(installation.database.dataSource)).id;
    const { path, url } = served({ status: 404 });
    expect(await importOne({ url, sha256: sha256(body) }, { projectId })).toMatchObject({
      code: 'HTTP_STATUS',
    });
    expect(requests(path)).toHaveLength(1);
  });

  it('are downloaded for another kind, which describes them otherwise', async () => {
    const body = textOf();
    await importOne({ url: served({ body }).url });
    const { path, url } = served({ body });
    expect(await importOne({ url, sha256: sha256(body) }, { kind: 'scanned' })).toMatchObject({
      state: 'success',
    });
    expect(requests(path)).toHaveLength(1);
  });

  it('are downloaded if a step wants every file, and not if it wants new ones', async () => {
    const body = textOf();
    for (const kind of ['scanned', 'watched']) {
      seen = [];
      await importOne({ url: served({ body }).url }, { kind });
      const { path, url } = served({ body });
      expect(await importOne({ url, sha256: sha256(body) }, { kind })).toMatchObject({ state: 'success' });
      const times = kind === 'watched' ? 2 : 1;
      expect(seen).toHaveLength(times);
      expect(requests(path)).toHaveLength(times - 1);
    }
  });
});
