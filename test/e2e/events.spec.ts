import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { createClient } from '#libs/client';
import { parseEnvironment } from '../../src/config/parse-environment.js';
import { EngineFailure } from '../../src/imports/failure.js';
import { eventCursor } from '../../src/imports/events/event-cursor.js';
import { ImportEventsRepository } from '../../src/imports/events/import-events.repository.js';
import { STREAM_LIMITS } from '../../src/imports/events/event-stream.js';
import { ItemRepository, type ItemOutcome } from '../../src/imports/item/item.repository.js';
import { startApi } from '../../src/start/start-api.js';
import { createProject, createToken, TOKEN_SECRET, type TestProject } from '../support/accounts.js';
import { ApiClient } from '../support/api.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { openEvents, type EventConnection, type ReceivedEvent } from '../support/event-client.js';
import { freePort } from '../support/free-port.js';
import { mulberry32 } from '../support/mulberry32.js';

const MAX_STREAMS = 60;
const OWNER = randomUUID();

let database: TestDatabase;
let dataDir: string;
let app: NestFastifyApplication;
let url: string;
/** Another process of the same service. */
let other: { app: NestFastifyApplication; url: string };
let items: ItemRepository;
let project: TestProject;
let token: string;

async function start(): Promise<{ app: NestFastifyApplication; url: string }> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const started = await startApi(
    parseEnvironment({
      DATABASE_URL: database.url,
      REDIS_URL: inject('redisUrl'),
      REDIS_PREFIX: `test-${randomUUID()}`,
      DATA_DIR: dataDir,
      PORT: String(port),
      PUBLIC_URL: address,
      TOKEN_SECRET,
      MAX_EVENT_STREAMS: String(MAX_STREAMS),
      RATE_LIMIT_ADDRESS: '0',
      RATE_LIMIT_TOKEN: '0',
      RATE_LIMIT_FAILED_AUTH: '0',
      LOG_LEVEL: 'error',
    }),
    [],
  );
  return { app: started, url: address };
}

beforeAll(async () => {
  database = await createDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'reelport-events-'));
  items = new ItemRepository(database.dataSource);
  project = await createProject(database.dataSource);
  token = await createToken(database.dataSource, project);
  ({ app, url } = await start());
  other = await start();
});

afterAll(async () => {
  await app?.close();
  await other?.app.close();
  await database?.drop();
  await rm(dataDir, { recursive: true, force: true });
});

/** An import whose items are all running. @returns the ids of the items */
async function running(importId: string, count: number, projectId = project.id): Promise<string[]> {
  await database.dataSource.query(
    `INSERT INTO imports (id, project_id, kind, system_name, context, total) VALUES ($1, $2, 'videos', 's', '{"n":1.0}', $3)`,
    [importId, projectId, count],
  );
  const rows: Array<{ id: string }> = await database.dataSource.query(
    `WITH item AS (
       INSERT INTO import_items (import_id, position, external_id, title, payload, origin_host, state, lease_owner,
         lease_until, claim)
       SELECT $1, place, $1 || '-' || place, 't', '{}', 'h', 'running', $3, now() + interval '1 hour', 1
       FROM generate_series(0, $2 - 1) place RETURNING id, position)
     SELECT id FROM item ORDER BY position`,
    [importId, count, OWNER],
  );
  return rows.map(({ id }) => id);
}

function outcome(id: string, index: number): ItemOutcome {
  const nothing = {
    httpStatus: null,
    code: null,
    reason: null,
    retryable: null,
    result: null,
    counts: true,
    backoffMs: 0,
  };
  if (index % 3 === 0)
    return { ...nothing, id, state: 'success', result: { mediaId: `m${id}`, storageKey: 'k.mp4' } };
  if (index % 3 === 1) {
    const result = { mediaId: `m${id}`, storageKey: 'k.mp4' };
    return { ...nothing, id, state: 'skipped', reason: 'already exists', result };
  }
  return {
    ...nothing,
    id,
    state: 'failed',
    code: 'HTTP_STATUS',
    reason: 'The server answered 404',
    retryable: false,
  };
}

/** Records outcomes as a worker does. @param meanwhile runs before the commit */
async function record(ids: readonly string[], meanwhile?: () => Promise<unknown>): Promise<void> {
  await database.dataSource.transaction(async (tx) => {
    const claims = ids.map((id) => ({ id, claim: 1 }));
    const own = await items.lockClaimed(tx, OWNER, claims);
    await items.record(tx, ids.filter((id) => own.has(id)).map(outcome));
    await meanwhile?.();
  });
}

function open(
  path: string,
  headers: Record<string, string> = {},
  { as = token, at = url } = {},
): Promise<EventConnection> {
  return openEvents(`${at}/api/v1${path}`, as, headers);
}

/** Everything until the connection ends. */
async function rest({ events }: EventConnection): Promise<ReceivedEvent[]> {
  const all: ReceivedEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

function externalIds(events: readonly ReceivedEvent[]): string[] {
  return events
    .filter(({ event }) => event === 'items.finished')
    .flatMap(({ data }) => data.items.map((item: { externalId: string }) => item.externalId));
}

/** External ids in the text of a stream. */
function externalIdsIn(text: string): string[] {
  return [...text.matchAll(/"externalId":"([^"]+)"/g)].map(([, id = '']) => id);
}

function expected(importId: string, count: number): string[] {
  return Array.from({ length: count }, (_, place) => `${importId}-${place}`);
}

/**
 * Reads a stream with a client that is disconnected again and again, and reconnects to either process, until it has
 * seen the end of these imports.
 */
async function readWithCuts(
  path: string,
  { cuts, seed, ends, from }: { cuts: number; seed: number; ends: number; from?: string },
): Promise<{ events: ReceivedEvent[]; cuts: number }> {
  const random = mulberry32(seed);
  const events: ReceivedEvent[] = [];
  let last = from;
  let made = 0;
  while (events.filter(({ event }) => event === 'import.finished').length < ends) {
    const headers = {
      ...(last !== undefined && { 'last-event-id': last }),
      'accept-encoding': random() < 0.5 ? 'gzip' : 'identity',
    };
    const connection = await open(path, headers, { at: random() < 0.5 ? url : other.url });
    expect(connection.status).toBe(200);
    let left = made < cuts ? Number(random() < 0.05) : Infinity;
    for await (const event of connection.events) {
      // The last event would end the test before it has made its cuts.
      if (left-- <= 0 || (made < cuts && event.event === 'import.finished')) break;
      if (event.id !== undefined) events.push(event);
      if (events.filter(({ event: type }) => type === 'import.finished').length >= ends) break;
      last = event.id ?? last;
    }
    connection.cut();
    last = connection.lastId() ?? last;
    made += 1;
  }
  return { events, cuts: made };
}

/** A promise and what resolves it. */
function gate(): { promise: Promise<void>; release: () => void } {
  const released = new AbortController();
  const promise = once(released.signal, 'abort').then(() => undefined);
  return { promise, release: () => released.abort() };
}

async function refusal(path: string, headers: Record<string, string> = {}, as = token) {
  const { response, status, headers: received } = await open(path, headers, { as });
  let text = '';
  for await (const chunk of response) text += String(chunk);
  const { error_details: details }: { error_details: Record<string, string> } = JSON.parse(text);
  return { status, headers: received, details };
}

describe('a stream of events', () => {
  it('gives a client that is disconnected fifty times each item once, however the workers commit', async () => {
    const count = 240;
    const importIds = ['cuts1', 'cuts2'];
    const all = await Promise.all(importIds.map((id) => running(id, count)));
    const from = eventCursor(0, new Date());
    const seed = Date.now() % 100_000;
    // Others watch all the time, so that each process has read up to a place of its own.
    const others = await Promise.all(
      [url, other.url].flatMap((at) =>
        ['/imports/cuts1/events', '/events'].map((path) => open(path, {}, { at })),
      ),
    );
    for (const { response } of others) response.resume();
    const readers = [
      readWithCuts('/imports/cuts1/events', { cuts: 50, seed, ends: 1 }),
      readWithCuts('/events', { cuts: 50, seed: seed + 1, ends: 2, from }),
    ];
    // Takes its ids first and commits last: items of the second import, one of each other transaction's.
    const { promise: released, release } = gate();
    const [late, ...later] = all[1] ?? [];
    const long = record([late ?? ''], () => released);
    // The first import goes on meanwhile, by several workers at the same time.
    const portions = Array.from({ length: count / 4 }, (_, index) =>
      (all[0] ?? []).slice(4 * index, 4 * index + 4),
    );
    const workers = Array.from({ length: 4 }, async () => {
      for (let portion = portions.shift(); portion !== undefined; portion = portions.shift())
        await record(portion);
    });
    await Promise.all(workers);
    release();
    await long;
    for (let place = 0; place < later.length; place += 3) await record(later.slice(place, place + 3));
    const [one, both] = await Promise.all(readers);
    for (const connection of others) connection.cut();
    expect(Math.min(one?.cuts ?? 0, both?.cuts ?? 0), `seed ${seed}`).toBeGreaterThanOrEqual(50);
    expect(externalIds(one?.events ?? []).toSorted(), `seed ${seed}`).toEqual(
      expected('cuts1', count).toSorted(),
    );
    expect(externalIds(both?.events ?? []).toSorted(), `seed ${seed}`).toEqual(
      importIds.flatMap((id) => expected(id, count)).toSorted(),
    );
    for (const { events } of [one, both].filter((each) => each !== undefined)) {
      for (const id of importIds.filter((each) => events.some(({ data }) => data.id === each))) {
        const own = events.filter(({ data }) => data.id === id);
        expect(own.at(-1)?.event).toBe('import.finished');
      }
    }
  });

  it('begins with the first event of the import, shows items as the status does, and ends', async () => {
    const ids = await running('whole', 3);
    await record(ids);
    const connection = await open('/imports/whole/events');
    expect(connection.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    const events = await rest(connection);
    const { body } = await new ApiClient(url, token).status<{ videos: Array<{ video?: object }> }>('whole');
    expect(events.map(({ event }) => event)).toEqual(['items.finished', 'import.finished']);
    expect(events[0]?.data).toEqual({
      type: 'items.finished',
      timestamp: expect.any(String),
      id: 'whole',
      kind: 'videos',
      systemName: 's',
      items: [
        { externalId: 'whole-0', state: 'success', video: body.videos[0]?.video },
        { externalId: 'whole-1', state: 'skipped', reason: 'already exists', video: body.videos[1]?.video },
        {
          externalId: 'whole-2',
          state: 'failed',
          code: 'HTTP_STATUS',
          reason: 'The server answered 404',
          retryable: false,
        },
      ],
      context: { n: 1 },
    });
    expect(events[1]?.data).toMatchObject({
      type: 'import.finished',
      id: 'whole',
      state: 'success',
      overview: { total: 3, success: 1, skipped: 1, failed: 1 },
    });
    // A client that has seen the end does not reconnect after a 204.
    expect((await open('/imports/whole/events', { 'last-event-id': events[1]?.id ?? '' })).status).toBe(204);
    expect((await open(`/imports/whole/events?after=${events[0]?.id}`)).status).toBe(200);
  });

  it('keeps an event whole whose context has several lines', async () => {
    const ids = await running('lines', 1);
    const context = '{\r\n\n  "n": 1.0,\r  "id"\n: [\n\n\n]}';
    await database.dataSource.query('UPDATE imports SET context = $1 WHERE id = $2', [context, 'lines']);
    await record(ids);
    const received: string[] = [];
    for await (const { text, data } of createClient({ url, token }).imports.events('lines')) {
      received.push(data.type);
      expect(JSON.parse(text)).toMatchObject({ id: 'lines', context: { n: 1, id: [] } });
      expect(text).toContain('"n": 1.0');
    }
    expect(received).toEqual(['items.finished', 'import.finished']);
    const headers = { authorization: `Bearer ${token}` };
    const stream = await (await fetch(`${url}/api/v1/imports/lines/events`, { headers })).text();
    for (const line of stream.split(/\r\n|\r|\n/)) expect(line).toMatch(/^(?:(?:event|id|data|retry): .*)?$/);
  });

  it('is compressed for clients that accept it, and the same', async () => {
    const ids = await running('compressed', 90);
    const clients = await Promise.all(
      ['gzip', 'identity'].map((coding) => open('/imports/compressed/events', { 'accept-encoding': coding })),
    );
    const received = clients.map(async ({ response }) => {
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part);
      return Buffer.concat(parts);
    });
    for (let from = 0; from < 90; from += 30) await record(ids.slice(from, from + 30));
    const [compressed = Buffer.alloc(0), plain = Buffer.alloc(0)] = await Promise.all(received);
    // Checks the length and the checksum of the whole.
    const text = gunzipSync(compressed).toString();
    expect(text).toContain('event: import.finished');
    expect(externalIdsIn(text)).toEqual(expected('compressed', 90));
    expect(externalIdsIn(plain.toString())).toEqual(expected('compressed', 90));
    expect(compressed.length).toBeLessThan(plain.length / 3);
    expect(clients.map(({ headers }) => headers['content-encoding'])).toEqual(['gzip', undefined]);
    for (const { headers } of clients) expect(headers.vary).toBe('Accept-Encoding');
  });

  it.each([
    ['gzip, deflate, br, zstd', 'gzip'],
    ['br;q=1.0, gzip;q=0.8, *;q=0.1', 'gzip'],
    ['*', 'gzip'],
    ['gzip;q=0', undefined],
    ['identity, gzip;q=0.5', undefined],
    ['br', undefined],
    ['', undefined],
  ])('with Accept-Encoding "%s" has Content-Encoding %s', async (accepted, coding) => {
    const connection = await open('/events', { 'accept-encoding': accepted });
    expect(connection.headers['content-encoding']).toBe(coding);
    connection.cut();
  });

  it('reads what clients have missed once for all that reconnect together', async () => {
    const ids = await running('missed', 45);
    for (const id of ids) await record([id]);
    const read = vi.spyOn(app.get(ImportEventsRepository), 'page');
    try {
      const connections = await Promise.all(Array.from({ length: 30 }, () => open('/imports/missed/events')));
      for (const events of await Promise.all(connections.map(rest)))
        expect(externalIds(events)).toEqual(expected('missed', 45));
      // Three pages for all, or again if some come late; not three for each.
      expect(read.mock.calls.length).toBeGreaterThanOrEqual(3);
      expect(read.mock.calls.length).toBeLessThan(30);
    } finally {
      read.mockRestore();
    }
  });

  it('does not repeat what a faster process has sent to the client', async () => {
    const ids = await running('faster', 6);
    const first = await open('/imports/faster/events');
    await first.events.next();
    // From now on this process knows no new events.
    const unknown = vi.spyOn(app.get(ImportEventsRepository), 'next').mockResolvedValue([]);
    try {
      for (const id of ids.slice(0, 4)) await record([id]);
      const rows: Array<{ id: string }> = await database.dataSource.query(
        `SELECT id FROM import_events WHERE import_id = 'faster' ORDER BY id`,
      );
      const cursor = eventCursor(Number(rows[1]?.id), new Date());
      const resumed = await open('/imports/faster/events', { 'last-event-id': cursor });
      expect((await resumed.events.next()).value).toMatchObject({ event: 'import.progress' });
      unknown.mockRestore();
      await record(ids.slice(4));
      expect(externalIds(await rest(resumed))).toEqual(expected('faster', 6).slice(2));
      expect(externalIds(await rest(first))).toEqual(expected('faster', 6));
    } finally {
      unknown.mockRestore();
    }
  });

  it('goes on if the import was retried, and has finished again, before it could end', async () => {
    const ids = await running('again', 3);
    const stream = await open('/imports/again/events');
    await stream.events.next();
    const repository = app.get(ImportEventsRepository);
    const finalIds = repository.finalIds.bind(repository);
    let isRetried = false;
    // Between the event of the end and the question whether the import has ended.
    const asked = vi.spyOn(repository, 'finalIds').mockImplementation(async (importIds) => {
      if (isRetried || !(await finalIds(importIds)).has('again')) return finalIds(importIds);
      isRetried = true;
      const retried = await new ApiClient(url, token).call('POST', '/api/v1/imports/again/retry');
      expect(retried.status).toBe(200);
      await database.dataSource.query(
        `UPDATE import_items SET state = 'running', lease_owner = $1, lease_until = now() + interval '1 hour', claim = 1
         WHERE import_id = 'again' AND state = 'pending'`,
        [OWNER],
      );
      await record(ids.slice(2));
      return finalIds(importIds);
    });
    try {
      await record(ids);
      const seen = (await rest(stream)).filter(({ event }) => event !== 'import.progress');
      expect(seen.map(({ event }) => event)).toEqual([
        'items.finished',
        'import.finished',
        'items.finished',
        'import.finished',
      ]);
    } finally {
      asked.mockRestore();
    }
  });

  it('shows progress of a running import, and each cancelled item once', async () => {
    await running('cancelled', 250);
    const connection = await open('/imports/cancelled/events');
    const first = await connection.events.next();
    expect(first.value).toMatchObject({
      event: 'import.progress',
      id: undefined,
      data: { id: 'cancelled', progress: { total: 250, pending: 250 } },
    });
    await database.dataSource.transaction((tx) => items.cancel(tx, 'cancelled', EngineFailure.cancelled));
    const events = await rest(connection);
    expect(externalIds(events)).toEqual(expected('cancelled', 250));
    expect(
      events.filter(({ event }) => event === 'items.finished').map(({ data }) => data.items.length),
    ).toEqual([100, 100, 50]);
    expect(events.at(-1)).toMatchObject({ event: 'import.finished', data: { state: 'failed' } });
  });

  it('disconnects a client that does not read, which then resumes where it was', async () => {
    const { stallMs, bufferBytes } = STREAM_LIMITS;
    Object.assign(STREAM_LIMITS, { stallMs: 300, bufferBytes: 1_024 });
    try {
      const [item] = await running('slow', 2);
      // More than the buffers of both kernels hold.
      await database.dataSource.query(
        `INSERT INTO import_events (project_id, import_id, type, body)
         SELECT $1, 'slow', 'items.finished', jsonb_build_object('items',
           (SELECT jsonb_agg(jsonb_build_array($2::bigint, 'success', repeat('x', 300 + 0 * n) || bundle)) FROM generate_series(1, 100) n))
         FROM generate_series(1, 400) bundle`,
        [project.id, item],
      );
      const server: Server = app.getHttpServer();
      const accepted = once(server, 'connection');
      const slow = await open('/imports/slow/events');
      slow.response.pause();
      const [socket]: Socket[] = await accepted;
      if (!socket.destroyed) await once(socket, 'close');
      const seen: ReceivedEvent[] = [];
      for await (const event of slow.events) if (event.id !== undefined) seen.push(event);
      expect(seen.length).toBeLessThan(400);
      Object.assign(STREAM_LIMITS, { stallMs: 30_000 });
      const again = await open('/imports/slow/events', { 'last-event-id': slow.lastId() ?? '' });
      for await (const event of again.events) {
        if (event.id !== undefined) seen.push(event);
        if (seen.length === 400) break;
      }
      again.cut();
      expect(seen.map(({ data }) => data.items[0].code.replace(/x+/, ''))).toEqual(
        Array.from({ length: 400 }, (_, index) => String(index + 1)),
      );
    } finally {
      Object.assign(STREAM_LIMITS, { stallMs, bufferBytes });
    }
  });

  it('ends when its token is revoked', async () => {
    await running('revoked', 1);
    const own = await createToken(database.dataSource, project);
    const { jti }: { jti: string } = JSON.parse(Buffer.from(own.split('.')[1] ?? '', 'base64url').toString());
    const connection = await open('/imports/revoked/events', {}, { as: own });
    await connection.events.next();
    await database.dataSource.query('UPDATE access_tokens SET revoked_at = now() WHERE id = $1', [jti]);
    expect(await rest(connection)).toEqual([]);
  });
});

describe('a stream is refused', () => {
  it('with a cursor that is none, or of another import', async () => {
    await record(await running('one', 1));
    await running('other', 1);
    const [event] = (await rest(await open('/imports/one/events'))).filter(({ id }) => id !== undefined);
    const sentence = 'Must be the id of an event of this stream';
    for (const cursor of ['x', '12', 'e1', 'e1t99999999999', event?.id ?? '']) {
      const byHeader = await refusal('/imports/other/events', { 'last-event-id': cursor });
      expect([cursor, byHeader.status, byHeader.details]).toEqual([
        cursor,
        400,
        { 'Last-Event-ID': sentence },
      ]);
    }
    const future = eventCursor(999_999_999, new Date());
    expect((await refusal(`/events?after=${future}`)).details).toEqual({ after: sentence });
  });

  it('with a cursor that is older than the retention', async () => {
    await running('old', 1);
    const cursor = eventCursor(0, new Date(Date.now() - 8 * 86_400_000));
    for (const path of ['/imports/old/events', '/events']) {
      const { status, details } = await refusal(path, { 'last-event-id': cursor });
      expect(status).toBe(410);
      expect(details['Last-Event-ID']).toMatch(/Events are kept for 168 h.*\/items/);
    }
    await database.dataSource.query(
      `UPDATE imports SET state = 'failed', finished_at = now() - interval '8 days' WHERE id = 'old'`,
    );
    expect((await refusal('/imports/old/events')).status).toBe(410);
  });

  it('beyond the limit of the token, until one is closed', async () => {
    await running('many', 1);
    const own = await createToken(database.dataSource, project);
    const streams = await Promise.all(
      Array.from({ length: MAX_STREAMS }, () => open('/imports/many/events', {}, { as: own })),
    );
    const { status, headers } = await refusal('/events', {}, own);
    expect([status, headers['retry-after']]).toEqual([429, '5']);
    const waiting = await new ApiClient(url, own).call('GET', '/api/v1/import/videos/status?id=many&wait=1');
    expect(waiting.status).toBe(429);
    for (const stream of streams) stream.cut();
    await expect
      .poll(async () => {
        const again = await open('/events', {}, { as: own });
        again.cut();
        return again.status;
      })
      .toBe(200);
  });

  it('to other projects and without the scope', async () => {
    await running('private', 1);
    const stranger = await createProject(database.dataSource);
    const theirs = await createToken(database.dataSource, stranger);
    expect((await refusal('/imports/private/events', {}, theirs)).status).toBe(404);
    const writer = await createToken(database.dataSource, project, ['public-api:write']);
    expect((await refusal('/events', {}, writer)).status).toBe(403);
    const watch = await open('/events', {}, { as: theirs });
    await running('theirs', 1, stranger.id).then(record);
    await record(await running('ours', 1));
    const first = await watch.events.next();
    watch.cut();
    expect(first.value?.data.id).toBe('theirs');
  });
});

describe('a status call that waits', () => {
  it('answers as soon as the import has finished, or after the wait', async () => {
    const ids = await running('awaited', 1);
    const api = new ApiClient(url, token);
    const early = await api.call('GET', '/api/v1/import/videos/status?id=awaited&wait=1');
    expect(early.body).toMatchObject({ finished: false, state: 'started' });
    const waiting = api.call('GET', '/api/v1/import/videos/status?id=awaited&wait=60');
    await record(ids);
    expect((await waiting).body).toMatchObject({ finished: true, state: 'success' });
    for (const wait of ['0', '61', 'x', '1.5']) {
      const { status, body } = await api.call('GET', `/api/v1/import/videos/status?id=awaited&wait=${wait}`);
      expect([status, body]).toEqual([
        400,
        expect.objectContaining({ error_details: { wait: 'Must be an integer from 1 to 60' } }),
      ]);
    }
    expect((await api.call('GET', '/api/v1/import/videos/status?id=none&wait=60')).status).toBe(404);
  });
});

// Last, because it ends the process that the others use.
it('streams and waiting calls end in order when the process shuts down', async () => {
  const ids = await running('drained', 2);
  const stream = await open('/imports/drained/events');
  await stream.events.next();
  await record(ids.slice(0, 1));
  const event = await stream.events.next();
  const waiting = new ApiClient(url, token).call('GET', '/api/v1/import/videos/status?id=drained&wait=60');
  const whole = open('/events');
  await whole;
  const closed = app.close();
  const left = await rest(stream);
  expect(stream.response.complete).toBe(true);
  // Now, not after a minute: its status, or that the process shuts down.
  expect([200, 503]).toContain((await waiting).status);
  await closed;
  await record(ids.slice(1));
  const headers = { 'last-event-id': stream.lastId() ?? '' };
  const again = await open('/imports/drained/events', headers, { at: other.url });
  const seen = externalIds([...(event.value ? [event.value] : []), ...left, ...(await rest(again))]);
  expect(seen).toEqual(expected('drained', 2));
});
