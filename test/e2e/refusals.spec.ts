import { request } from 'node:http';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type ApiAnswer } from '../support/api.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { startReelport, type Reelport } from '../support/reelport.js';

/** Part of every wrong value that can contain it. No answer may echo it. */
const ECHO = 'zqxecho';
const MAX_BATCH = 150;
const MAX_BODY = 4 * 1024 * 1024;
const IMPORT = '/api/v1/import/videos';

type Body = Record<string, unknown>;
type Details = Record<string, string>;
interface Envelope {
  status: number;
  error: string;
  error_details: Details;
}

let reelport: Reelport;
let origin: Origin;
let token: string;
let api: ApiClient;

beforeAll(async () => {
  origin = await startOrigin();
  origin.serve('/a.mp4', 'test/fixtures/h264-faststart.mp4');
  reelport = await startReelport({ MAX_BATCH_ITEMS: String(MAX_BATCH), MAX_BODY_BYTES: String(MAX_BODY) });
  token = await reelport.createToken(await reelport.createProject());
  api = new ApiClient(reelport.url, token);
});

afterAll(async () => {
  await reelport?.remove();
  await origin?.close();
});

function video(change: Body = {}): Body {
  return { url: origin.url('/a.mp4'), id: 'one', fileName: 'a title', metadata: {}, ...change };
}

/** A valid batch with some fields changed; undefined removes one. */
function batch(change: Body = {}): Body {
  return { systemName: 'refusals', videos: [video()], ...change };
}

/** A batch with a changed fourth video. */
function fourth(change: Body): Body {
  return batch({ videos: [0, 1, 2, 3].map((n) => video({ id: `v${n}`, ...(n === 3 && change) })) });
}

function post(body: unknown, headers?: Record<string, string>): Promise<ApiAnswer<Envelope>> {
  return api.call<Envelope>('POST', IMPORT, { body, ...(headers && { headers }) });
}

async function countRows(): Promise<unknown> {
  const [row] = await reelport.database.dataSource.query<unknown[]>(
    `SELECT (SELECT count(*) FROM imports) AS imports, (SELECT count(*) FROM import_items) AS items,
       (SELECT count(*) FROM idempotency_keys) AS keys`,
  );
  return row;
}

/** Posts a wrong body. Returns the details of the 400, after a check that nothing was stored and nothing is echoed. */
async function refused(body: unknown): Promise<Details> {
  const before = await countRows();
  const answer = await post(body, { 'idempotency-key': 'never kept' });
  expect(answer.body).toEqual({ status: 400, error: 'Bad Request', error_details: expect.any(Object) });
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(JSON.stringify(answer.body)).not.toContain(ECHO);
  expect(await countRows()).toEqual(before);
  return answer.body.error_details;
}

async function accepted(body: unknown): Promise<string> {
  const answer = await api.call<{ id: string }>('POST', IMPORT, { body });
  expect(answer).toMatchObject({ status: 200, body: { id: expect.any(String) } });
  return answer.body.id;
}

/** Rows of a table of wrong values, with a short name even for long values. */
function named(rows: Array<[path: string, change: Body, sentence: string]>) {
  return rows.map(([path, change, sentence]) => {
    const name = inspect(change, { breakLength: Infinity, maxStringLength: 40 });
    return [path, name, change, sentence] as const;
  });
}

/** An object whose JSON has this number of bytes. */
function objectOf(bytes: number): Body {
  return { x: 'ü'.repeat((bytes - 8) / 2) };
}

const SYSTEM_NAME = 'a string of 1 to 128 characters';
const WEBHOOK = 'an http or https URL of at most 2048 characters';
const CONTEXT = 'a JSON object of at most 8192 bytes';
const VIDEOS = `an array of 1 to ${MAX_BATCH} entries`;
const TEXT = 'a string of 1 to 255 characters';
const METADATA = 'a JSON object of at most 65536 bytes';
const COMPLETE = 'Must be a complete URL, such as https://example.com/file';
const BEGINS = 'Must start with http:// or https://';
const CLEAN = 'Must not contain control characters or surrounding white space';
const NO_USER = 'Must not contain a user name or password';
const NO_NUL = 'Must not contain the character U+0000';
const NO_NUL_IN_JSON = 'Must not contain U+0000 or unpaired surrogates';
const NO_HALF = 'Must be well-formed Unicode without unpaired surrogates';
const NO_CONTROL = 'Must not contain control characters';

function manyVideos(): Body[] {
  return Array.from({ length: MAX_BATCH }, (_, n) => video({ id: `many${n}` }));
}

/** The answer that the server sends before it received the body. */
function sendHeadersOnly(headers: Record<string, string>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request(`${reelport.url}${IMPORT}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    });
    sent.once('error', reject);
    sent.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        sent.destroy();
        resolve(JSON.parse(Buffer.concat(chunks).toString()));
      });
    });
    sent.flushHeaders();
  });
}

describe('a field of the batch', () => {
  it.each(
    named([
      ['systemName', { systemName: undefined }, `Required: ${SYSTEM_NAME}`],
      ['systemName', { systemName: null }, `Must be ${SYSTEM_NAME}`],
      ['systemName', { systemName: 17 }, `Must be ${SYSTEM_NAME}`],
      ['systemName', { systemName: [ECHO] }, `Must be ${SYSTEM_NAME}`],
      ['systemName', { systemName: '' }, `Must be ${SYSTEM_NAME}, not 0`],
      ['systemName', { systemName: ECHO.padEnd(129, 'x') }, `Must be ${SYSTEM_NAME}, not 129`],
      ['systemName', { systemName: ' \u2003' }, 'Must not be blank'],
      ['systemName', { systemName: `${ECHO}\n` }, NO_CONTROL],
      ['systemName', { systemName: `${ECHO}\u0085` }, NO_CONTROL],
      ['systemName', { systemName: `${ECHO}\ud800` }, NO_HALF],
      ['webhook', { webhook: null }, `Must be ${WEBHOOK}`],
      ['webhook', { webhook: { url: ECHO } }, `Must be ${WEBHOOK}`],
      ['webhook', { webhook: '' }, COMPLETE],
      ['webhook', { webhook: `${ECHO}/hook` }, COMPLETE],
      ['webhook', { webhook: `ftp://${ECHO}.example/` }, BEGINS],
      ['webhook', { webhook: `https://${ECHO}:secret@example.com/` }, NO_USER],
      [
        'webhook',
        { webhook: `https://example.com/${ECHO.padEnd(2029, 'x')}` },
        `Must be ${WEBHOOK}, not 2049`,
      ],
      ['context', { context: null }, `Must be ${CONTEXT}`],
      ['context', { context: [ECHO] }, `Must be ${CONTEXT}`],
      ['context', { context: ECHO }, `Must be ${CONTEXT}`],
      ['context', { context: objectOf(8194) }, `Must be ${CONTEXT}, not 8194`],
      ['context', { context: { x: `${ECHO}\0` } }, NO_NUL_IN_JSON],
      ['videos', { videos: undefined }, `Required: ${VIDEOS}`],
      ['videos', { videos: null }, `Must be ${VIDEOS}`],
      ['videos', { videos: { 0: ECHO } }, `Must be ${VIDEOS}`],
      ['videos', { videos: [] }, `Must be ${VIDEOS}, not 0`],
      ['webook', { webook: `https://${ECHO}/` }, 'Unknown field. Did you mean "webhook"?'],
      [
        'urgency',
        { urgency: ECHO },
        'Unknown field; known fields: systemName, webhook, webhookEvents, context, notBefore, priority and videos',
      ],
    ]),
  )('%s, %s', async (path, _, change, sentence) => {
    expect(await refused(batch(change))).toEqual({ [path]: sentence });
  });

  it('videos: one too many', async () => {
    const videos = Array.from({ length: MAX_BATCH + 1 }, (_, n) => video({ id: `v${n}` }));
    expect(await refused(batch({ videos }))).toEqual({
      videos: `Must be ${VIDEOS}, not ${MAX_BATCH + 1}`,
    });
  });
});

describe('a field of a video', () => {
  it.each(
    named([
      ['url', { url: undefined }, `Required: ${WEBHOOK}`],
      ['url', { url: null }, `Must be ${WEBHOOK}`],
      ['url', { url: 17 }, `Must be ${WEBHOOK}`],
      ['url', { url: '' }, COMPLETE],
      ['url', { url: `/${ECHO}.mp4` }, COMPLETE],
      ['url', { url: `http://${ECHO} .example/` }, COMPLETE],
      ['url', { url: `data:video/mp4;base64,${ECHO}` }, BEGINS],
      ['url', { url: `file:///${ECHO}` }, BEGINS],
      ['url', { url: `ftp://${ECHO}.example/a.mp4` }, BEGINS],
      ['url', { url: `javascript:${ECHO}` }, BEGINS],
      ['url', { url: `https:${ECHO}.example/a.mp4` }, BEGINS],
      ['url', { url: `https://${ECHO}@example.com/a.mp4` }, NO_USER],
      ['url', { url: `https://user:${ECHO}@example.com/a.mp4` }, NO_USER],
      ['url', { url: `https://:@${ECHO}.example/a.mp4` }, NO_USER],
      ['url', { url: ` https://${ECHO}.example/a.mp4` }, CLEAN],
      ['url', { url: `https://${ECHO}.example/\ta.mp4` }, CLEAN],
      ['url', { url: `https://example.com/${ECHO.padEnd(2029, 'x')}` }, `Must be ${WEBHOOK}, not 2049`],
      ['id', { id: undefined }, `Required: ${TEXT}`],
      ['id', { id: null }, `Must be ${TEXT}`],
      ['id', { id: 17 }, `Must be ${TEXT}`],
      ['id', { id: '' }, `Must be ${TEXT}, not 0`],
      ['id', { id: ECHO.padEnd(256, 'x') }, `Must be ${TEXT}, not 256`],
      ['id', { id: `${ECHO}\0` }, NO_NUL],
      ['id', { id: `${ECHO}\udfff` }, NO_HALF],
      ['fileName', { fileName: undefined }, `Required: ${TEXT}`],
      ['fileName', { fileName: false }, `Must be ${TEXT}`],
      ['fileName', { fileName: '' }, `Must be ${TEXT}, not 0`],
      ['fileName', { fileName: ECHO + '🎬'.repeat(256 - ECHO.length) }, `Must be ${TEXT}, not 256`],
      ['fileName', { fileName: `${ECHO}\0` }, NO_NUL],
      ['metadata', { metadata: undefined }, `Required: ${METADATA}`],
      ['metadata', { metadata: null }, `Must be ${METADATA}`],
      ['metadata', { metadata: ECHO }, `Must be ${METADATA}`],
      ['metadata', { metadata: [{ x: ECHO }] }, `Must be ${METADATA}`],
      ['metadata', { metadata: objectOf(65_538) }, `Must be ${METADATA}, not 65538`],
      ['metadata', { metadata: { [`${ECHO}\0`]: 1 } }, NO_NUL_IN_JSON],
      ['filename', { filename: ECHO }, 'Unknown field. Did you mean "fileName"?'],
      [
        'priority',
        { priority: ECHO },
        'Unknown field; known fields: url, id, fileName, metadata, sha256 and size',
      ],
    ]),
  )('%s, %s', async (field, _, change, sentence) => {
    expect(await refused(fourth(change))).toEqual({ [`videos.3.${field}`]: sentence });
  });

  it.each([[null], ['x'], [17], [[]]])('cannot be read from %j', async (entry) => {
    expect(await refused(batch({ videos: [video(), entry] }))).toEqual({
      'videos.1': expect.stringMatching(/^Must be an object/),
    });
  });

  it('id: a duplicate names both places', async () => {
    const videos = [video(), video({ id: 'two' }), video({ id: ECHO }), video(), video({ id: ECHO })];
    const twice = 'Must be unique within the batch; duplicates';
    expect(await refused(batch({ videos }))).toEqual({
      'videos.3.id': `${twice} videos.0.id`,
      'videos.4.id': `${twice} videos.2.id`,
    });
  });
});

describe('several errors', () => {
  it('are returned together', async () => {
    const videos = [
      video({ url: `data:${ECHO}`, id: '' }),
      video(),
      { ...video({ id: 'three' }), metadata: ECHO, filname: ECHO },
      ECHO,
    ];
    expect(await refused({ systemName: '', webhook: ECHO, context: [], videos, callback: ECHO })).toEqual({
      systemName: `Must be ${SYSTEM_NAME}, not 0`,
      webhook: COMPLETE,
      context: `Must be ${CONTEXT}`,
      callback: expect.stringMatching(/^Unknown field/),
      'videos.0.url': BEGINS,
      'videos.0.id': `Must be ${TEXT}, not 0`,
      'videos.2.metadata': `Must be ${METADATA}`,
      'videos.2.filname': 'Unknown field. Did you mean "fileName"?',
      'videos.3': expect.stringMatching(/^Must be an object/),
    });
  });

  it('of all kinds are returned together: a format, a duplicate and a forbidden address', async () => {
    const videos = [video(), video({ url: `ftp://${ECHO}.example` }), video()];
    const twice = 'Must be unique within the batch; duplicates videos.0.id';
    expect(await refused(batch({ webhook: 'http://10.0.0.1/hook', videos }))).toEqual({
      webhook: expect.stringMatching(/^The URL /),
      'videos.1.url': BEGINS,
      'videos.1.id': twice,
      'videos.2.id': twice,
    });
  });

  it('of the batch and of its ids are returned together', async () => {
    const details = await refused(batch({ webhook: 'http://10.0.0.1/', videos: [video(), video()] }));
    expect(Object.keys(details)).toEqual(['webhook', 'videos.1.id']);
  });

  it('are counted beyond the first hundred', async () => {
    const videos = Array.from({ length: 137 }, (_, n) => video({ id: `v${n}`, url: `data:${ECHO}` }));
    const details = await refused(batch({ videos }));
    expect(Object.keys(details)).toEqual([...videos.slice(0, 100).map((_, n) => `videos.${n}.url`), '…']);
    expect(details['…']).toBe('and 37 more');
  });

  it.each<[string, (n: number) => Body]>([
    ['unknown fields', (n: number) => ({ [`unknown${n}`]: 1 })],
    ['two in each video', (n: number) => ({ videos: Array.from({ length: n + 1 }, () => ({ a: 1 })) })],
  ])('are counted completely: %s', async (_, make) => {
    const body: Body = {};
    for (let n = 0; n < 140; n += 1) Object.assign(body, make(n));
    const details = await refused(batch(body));
    expect(Object.keys(details)).toHaveLength(101);
    const perVideo = 5; // four missing fields and an unknown one
    const total = 'videos' in body ? 140 * perVideo : 140;
    expect(details['…']).toBe(`and ${total - 100} more`);
  });

  it('have no remainder if there are exactly a hundred', async () => {
    const videos = Array.from({ length: 100 }, (_, n) => video({ id: `v${n}`, url: 'data:,' }));
    const details = await refused(batch({ videos }));
    expect(Object.keys(details)).toHaveLength(100);
    expect(details).not.toHaveProperty('…');
  });
});

describe('the largest and most unusual valid input', () => {
  it.each<[string, () => Body]>([
    ['systemName of 128 characters', () => batch({ systemName: '🎬'.repeat(128) })],
    ['id and fileName of 255 characters', () => fourth({ id: '🎬'.repeat(255), fileName: 'x'.repeat(255) })],
    ['url of 2048 characters', () => fourth({ url: `${origin.url('/a.mp4?')}x`.padEnd(2048, 'x') })],
    ['context of 8192 bytes', () => batch({ context: objectOf(8192) })],
    ['metadata of 65536 bytes', () => fourth({ metadata: objectOf(65_536) })],
    ['as many videos as are allowed', () => batch({ videos: manyVideos() })],
    ['names that JavaScript knows', () => fourth({ metadata: { toString: 1, constructor: { x: 1 } } })],
    ['id with line ends and quotes', () => fourth({ id: `a'b"c\\d\n\t;--` })],
  ])('is accepted: %s', async (_, body) => {
    const status = await api.finished(await accepted(body()));
    expect(status.overview.failed).toBe(0);
  });
});

describe('a body that is no batch', () => {
  it.each<[string, string, string]>([
    ['a comma too many', '{"systemName": "x",}', 'at line 1, column 20 (offset 19)'],
    ['no end', `{\n  "systemName": "${ECHO}"`, 'at line 2, column 26 (offset 27)'],
    ['single quotes', `{'${ECHO}': 1}`, 'at line 1, column 2 (offset 1)'],
    ['text behind it', '{}\n{}', 'at line 2, column 1 (offset 3)'],
    ['a comment', `{"a": 1 /* ${ECHO} */}`, 'at line 1, column 9 (offset 8)'],
  ])('names the position of the JSON error: %s', async (_, text, place) => {
    const details = await refused(text);
    expect(Object.keys(details)).toEqual(['body']);
    expect(details['body']).toMatch(/^Must be valid JSON: /);
    expect(details['body']).toContain(place);
  });

  it.each(['', ' ', 'null', '[]', '"text"', '17'])('is refused: %j', async (text) => {
    expect(await refused(text)).toEqual({ body: expect.stringMatching(/^Must be /) });
  });

  it('is refused if its keys could reach a prototype', async () => {
    expect(await refused(`{"__proto__": {"${ECHO}": 1}}`)).toEqual({
      body: 'Must not contain the keys "__proto__" and "constructor.prototype"',
    });
  });

  it('is refused if it is nested too deep', async () => {
    const deep = `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`;
    expect(await refused(deep)).toEqual({
      body: expect.stringContaining('nested at most 100 levels deep'),
    });
  });

  it.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'gets a 415 as %s',
    async (type) => {
      const answer = await post(JSON.stringify(batch()), { 'content-type': type });
      expect(answer.status).toBe(415);
      expect(answer.body).toEqual({
        status: 415,
        error: 'Unsupported Media Type',
        error_details: { 'content-type': 'Must be application/json' },
      });
    },
  );

  it('gets a 415 in another encoding', async () => {
    const answer = await post(JSON.stringify(batch()), { 'content-encoding': 'gzip' });
    expect(answer.status).toBe(415);
    expect(Object.keys(answer.body.error_details)).toEqual(['content-encoding']);
  });

  it('gets a 413 if it announces more than is allowed', async () => {
    const envelope = await sendHeadersOnly({ 'content-length': String(MAX_BODY + 1) });
    expect(envelope).toEqual({
      status: 413,
      error: 'Payload Too Large',
      error_details: { body: 'Too large; split the batch into several requests' },
    });
  });

  it.each([
    [413, 'application/json'],
    [413, 'application/x-www-form-urlencoded'],
    [415, 'video/mp4'],
  ])('gets a %i if it is sent nevertheless, as %s', async (status, type) => {
    const before = await countRows();
    const large = batch({ context: { x: 'x'.repeat(4 * MAX_BODY) } });
    const answers = await Promise.all([1, 2, 3, 4].map(() => post(large, { 'content-type': type })));
    expect(answers.map((answer) => answer.body.status)).toEqual([status, status, status, status]);
    expect(await countRows()).toEqual(before);
  });
});

describe('an address that the policy forbids', () => {
  const PUBLIC = 'The URL does not point to the public internet; use a publicly reachable host.';
  const PORT = 'The URL uses a port that is not allowed; use the default port of http or https.';

  it.each([
    ['http://10.0.0.1/', PUBLIC],
    ['http://192.168.1.1/hook', PUBLIC],
    ['http://169.254.169.254/latest/meta-data', PUBLIC],
    ['http://0x0a000001/', PUBLIC],
    ['http://[::ffff:10.0.0.1]/', PUBLIC],
    ['http://[fd00::1]/', PUBLIC],
    ['http://0.0.0.0/', PUBLIC],
    ['http://printer.local/', PUBLIC],
    ['http://metadata.internal/', PUBLIC],
    ['http://192.0.43.7:22/', PORT],
  ])('is refused as a webhook: %s', async (webhook, sentence) => {
    expect(await refused(batch({ webhook }))).toEqual({ webhook: sentence });
  });

  it('fails the item that uses it as its video, without revealing it', async () => {
    const status = await api.finished(
      await accepted(
        batch({ systemName: 'blocked', videos: [video({ url: 'http://10.1.2.3:8080/a.mp4' })] }),
      ),
    );
    expect(status).toMatchObject({ state: 'failed', videos: [{ code: 'URL_BLOCKED', retryable: false }] });
    expect(status.videos[0]['reason']).not.toMatch(/10\.1\.2\.3|8080/);
  });
});

describe('a URL without a route', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/api/v1'],
    ['GET', `/api/v1/${ECHO}`],
    ['POST', '/api/v2/import/videos'],
    ['GET', `/media/${ECHO}`],
  ])('gets a 404: %s %s', async (method, path) => {
    const answer = await api.call(method, path);
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({
      status: 404,
      error: 'Not Found',
      error_details: { url: 'No route matches this method and path' },
    });
  });

  it.each([
    ['GET', IMPORT, 'POST'],
    ['PUT', IMPORT, 'POST'],
    ['PATCH', `${IMPORT}/`, 'POST'],
    ['DELETE', `${IMPORT}/status`, 'GET, HEAD'],
    ['PUT', '/api/v1/videos/x', 'DELETE, GET, HEAD'],
  ])('gets a 405 if only the method is wrong: %s %s', async (method, path, allow) => {
    const answer = await api.call(method, path);
    expect(answer.status).toBe(405);
    expect(answer.body).toEqual({
      status: 405,
      error: 'Method Not Allowed',
      error_details: { method: `Must be one of ${allow}` },
    });
  });

  it('gets a 400 if its percent-encoding is broken', async () => {
    const answer = await api.call('GET', '/api/v1/videos/%ff');
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: 'Bad Request', error_details: { url: expect.any(String) } });
  });

  it.each([
    `/api/v1/videos?sytemName=${ECHO}`,
    `/api/v1/webhooks/deliveries?${ECHO}=1`,
    `/api/v1/import/videos/status?id=x&${ECHO}=1`,
  ])('gets a 400 if a parameter is unknown: %s', async (path) => {
    const answer = await api.call<Envelope>('GET', path);
    expect(answer.status).toBe(400);
    expect(Object.values(answer.body.error_details)).toEqual([expect.stringMatching(/^Unknown field/)]);
  });
});
