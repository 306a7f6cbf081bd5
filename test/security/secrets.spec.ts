import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { setMetadataSchema, TOKEN_SECRET } from '../support/accounts.js';
import { ApiClient } from '../support/api.js';
import { freePort } from '../support/free-port.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { startReelport, type Program, type Reelport, type TestProject } from '../support/reelport.js';
import { entry, newMp4 } from '../e2e/scene.js';
import { runCommands } from './secrets/commands.js';
import { failingStart } from './secrets/failing-start.js';
import { marksIn, newMark, type Marks } from './secrets/marks.js';
import { columnsWithMarks, everythingInRedis } from './secrets/places.js';
import { openRedisAccount, type RedisAccount } from './secrets/redis-account.js';
import { METADATA_SCHEMA, misfortunes, type Misfortune } from './secrets/scenario.js';

const PREFIX = `test-${newMark()}`;

const marks = {
  TOKEN_SECRET,
  formerTokenSecret: newMark(),
  databasePassword: databasePassword(),
  redisPassword: newMark(),
  videoQuery: newMark(),
  webhookQuery: newMark(),
  redirectQuery: newMark(),
  redirectPassword: newMark(),
  webhookRedirect: newMark(),
  answerHeader: newMark(),
  answerBody: newMark(),
  metadataValue: newMark(),
  requestQuery: newMark(),
  requestPassword: newMark(),
  badToken: newMark(),
  basicPassword: newMark(),
  accessKey: newMark(),
  secretAccessKey: newMark(),
  // Assigned when they are created.
  webhookSecret: '',
  token: '',
  adminToken: '',
  issuedToken: '',
  rotatedToken: '',
  commandToken: '',
  commandRotatedToken: '',
  foreignToken: '',
};

/** Every HTTP answer, by request. */
const answers = new Map<string, string>();

/** Everything that the commands printed, except requested secrets. */
let commands: ReadonlyMap<string, string>;
let commandSecret: string;

let redis: RedisAccount;
let origin: Origin;
let receiver: Receiver;
/** A bucket that refuses access. */
let bucket: Origin;
let reelport: Reelport;
let project: TestProject;
let token: string;
let adminToken: string;
let cases: Record<string, Misfortune>;
let whileQueued: string[];
let importId: string;

const signatureOf = (jwt: string): string => jwt.slice(jwt.lastIndexOf('.') + 1);

/** Sends a request. Records its answer, unless `kept` is false because it may contain a secret. */
async function ask(
  method: string,
  path: string,
  { authorization = `Bearer ${token}`, body, kept = true }: Record<string, unknown> = {},
): Promise<{ status: number; text: string }> {
  const response = await fetch(`${reelport.url}${path}`, {
    method,
    headers: {
      ...(typeof authorization === 'string' && { authorization }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = `${response.status} ${JSON.stringify([...response.headers])}\n${text}`;
  if (kept === true) answers.set(`${method} ${path} ${answers.size}`, answer);
  return { status: response.status, text };
}

beforeAll(async () => {
  redis = await openRedisAccount(inject('redisUrl'), newMark(), marks.redisPassword);
  [origin, receiver, bucket] = await Promise.all([startOrigin(), startReceiver(), startOrigin()]);
  reelport = await startReelport(
    {
      REDIS_URL: redis.url,
      REDIS_PREFIX: PREFIX,
      TOKEN_SECRETS_PREVIOUS: marks.formerTokenSecret,
      LOG_LEVEL: 'verbose',
      WORKER_CONCURRENCY: '1',
      WEBHOOK_SCHEDULE: '0s,50ms,50ms',
      RETRY_SCHEDULE: '50ms',
      HOST_RETRY_SCHEDULE: '50ms',
      HOST_PATIENCE_MS: '500ms',
      RATE_LIMIT_ADDRESS: '100000',
      RATE_LIMIT_TOKEN: '100000',
      RATE_LIMIT_FAILED_AUTH: '100000',
    },
    ['main', 'worker'],
  );

  project = await reelport.createProject();
  const { dataSource } = reelport.database;
  await setMetadataSchema(dataSource, project.id, METADATA_SCHEMA);
  token = await reelport.createToken(project);
  adminToken = await reelport.createToken(project, ['public-api:admin', 'public-api:write']);
  marks.webhookSecret = project.webhookSecret.replace('whsec_', '');
  marks.token = signatureOf(token);
  marks.adminToken = signatureOf(adminToken);

  await runImports();
  await askEverything();
  await askWithErrors();
  await askABrokenDatabase();
  await runOnABucket();
  const { secrets, printed } = await runCommands(project.name, working());
  commands = printed;
  marks.commandToken = signatureOf(secrets.created);
  marks.commandRotatedToken = signatureOf(secrets.rotated);
  commandSecret = secrets.webhook;
}, 240_000);

afterAll(async () => {
  await reelport?.remove();
  await Promise.all([redis?.close(), origin?.close(), receiver?.close(), bucket?.close()]);
});

async function runImports(): Promise<void> {
  const unreachable = `http://127.0.0.1:${await freePort()}`;
  const surroundings = { video: newMp4, withoutTls: origin.url('').replace('http:', 'https:'), unreachable };
  cases = misfortunes(marks, surroundings);
  const body = newMp4();
  origin.script('/first.mp4', [{ hang: 'headers', body }, { body }]);
  const batch = Object.entries(cases).map(([id, { answers: script, base, metadata = {} }]) => {
    if (script !== undefined) origin.script(`/${id}.mp4`, script);
    return entry(id, `${base ?? origin.url('')}/${id}.mp4?sig=${marks.videoQuery}`, { metadata });
  });
  const first = entry('first', origin.url(`/first.mp4?sig=${marks.videoQuery}`));
  receiver.answer(
    { status: 500, body: marks.answerBody, headers: { 'x-marked': marks.answerHeader } },
    { status: 302, headers: { location: `http://10.1.2.3/?key=${marks.webhookRedirect}` } },
    204,
  );
  const api = new ApiClient(reelport.url, token);
  importId = await api.importVideos('secrets', [first, ...batch], {
    webhook: receiver.url(`/hook?key=${marks.webhookQuery}`),
  });
  // The only worker is busy, and the other items are queued in Redis.
  await origin.waitForRequest('/first.mp4');
  whileQueued = await vi.waitFor(
    async () => {
      const lines = await everythingInRedis(redis.admin, PREFIX);
      expect(lines.filter((line) => line.includes('"itemId')).length).toBeGreaterThan(3);
      return lines;
    },
    { timeout: 20_000, interval: 50 },
  );
  await ask('GET', `/api/v1/imports/${importId}/items`);
  origin.release();
  await api.finished(importId);
  await receiver.waitForDelivery(() => true, { count: 3 });

  const unheard = await api.importVideos('secrets', [first], {
    webhook: `${unreachable}/hook?key=${marks.webhookQuery}`,
  });
  await api.finished(unheard);
  await vi.waitFor(
    async () => {
      const { text } = await ask('GET', `/api/v1/webhooks/deliveries?importId=${unheard}`);
      expect(JSON.parse(text)).toMatchObject({ results: [{ state: 'failed' }] });
    },
    { timeout: 20_000, interval: 50 },
  );
}

/** Reads every endpoint. */
async function askEverything(): Promise<void> {
  const admin = { authorization: `Bearer ${adminToken}` };
  const issued = await ask('POST', '/api/v1/auth/tokens', {
    ...admin,
    body: { name: 'issued', scopes: ['public-api:write'], expiresIn: '1h' },
    kept: false,
  });
  const { id, token: issuedToken }: { id: string; token: string } = JSON.parse(issued.text);
  marks.issuedToken = signatureOf(issuedToken);
  const rotated = await ask('POST', `/api/v1/auth/tokens/${id}/rotate?overlap=1h`, { ...admin, kept: false });
  marks.rotatedToken = signatureOf(JSON.parse(rotated.text).token);
  const { text: deliveries } = await ask('GET', `/api/v1/webhooks/deliveries?importId=${importId}`);
  const delivery: string = JSON.parse(deliveries).results[0].id;
  expect((await ask('POST', `/api/v1/webhooks/deliveries/${delivery}/redeliver`)).status).toBe(200);
  await receiver.waitForDelivery(() => true, { count: 4 });
  const paths = [
    `/api/v1/import/videos/status?id=${importId}`,
    '/api/v1/imports',
    `/api/v1/imports/${importId}`,
    `/api/v1/imports/${importId}/items`,
    `/api/v1/imports/${importId}/report?format=csv`,
    `/api/v1/imports/${importId}/report?format=ndjson`,
    `/api/v1/webhooks/deliveries?importId=${importId}`,
    '/api/v1/videos?systemName=secrets',
    '/health/live',
    '/health/ready',
    '/docs',
    '/docs-json',
    '/docs-yaml',
  ];
  for (const path of paths) expect([path, (await ask('GET', path)).status]).toEqual([path, 200]);
  for (const path of ['/api/v1/auth/tokens', '/metrics']) {
    expect([path, (await ask('GET', path, admin)).status]).toEqual([path, 200]);
  }
}

/** Sends requests that are refused, with secrets in wrong places. */
async function askWithErrors(): Promise<void> {
  const jwt = new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h');
  const foreign = await jwt.sign(new TextEncoder().encode(newMark()));
  marks.foreignToken = signatureOf(foreign);
  const headerAndClaims = token.slice(0, token.lastIndexOf('.'));
  const unauthorized = [
    `Bearer ${marks.badToken}`,
    `Bearer ${headerAndClaims}.${marks.badToken}`,
    `Bearer ${foreign}`,
    `Bearer ${await reelport.createToken(project, ['public-api:write'], -1_000)}`,
    `Basic ${Buffer.from(`${marks.basicPassword}:`).toString('base64')}`,
    null,
  ];
  for (const authorization of unauthorized) {
    expect((await ask('GET', '/api/v1/imports', { authorization })).status).toBe(401);
  }
  expect((await ask('GET', '/api/v1/auth/tokens')).status).toBe(403);
  expect((await ask('GET', `/api/v1/nowhere?access_token=${marks.requestQuery}`)).status).toBe(404);
  expect((await ask('GET', `/api/v1/imports?state=${marks.requestQuery}`)).status).toBe(400);
  const urls = [
    `http://user:${marks.requestPassword}@127.0.0.1/a.mp4`,
    `ftp://127.0.0.1/a.mp4?sig=${marks.requestQuery}`,
    `http://10.1.2.3:1/a.mp4?sig=${marks.requestQuery}`,
  ];
  const body = { systemName: 'secrets', videos: urls.map((url, n) => entry(`${n}`, url)) };
  for (const webhook of [undefined, ...urls]) {
    const { status } = await ask('POST', '/api/v1/import/videos', { body: { ...body, webhook } });
    expect(status).toBe(400);
  }
}

/** An unexpected failure, with a marked value among the query parameters. */
async function askABrokenDatabase(): Promise<void> {
  const { dataSource } = reelport.database;
  await dataSource.query('REVOKE SELECT ON webhook_deliveries FROM CURRENT_USER');
  const path = `/api/v1/webhooks/deliveries?importId=${marks.requestQuery}`;
  const { status, text } = await ask('GET', path);
  await dataSource.query('GRANT SELECT ON webhook_deliveries TO CURRENT_USER');
  expect(status).toBe(500);
  const { errorId } = JSON.parse(text).error_details;
  await vi.waitFor(() => expect(reelport.output()).toContain(errorId));
}

/** Repeats the run with JSON logs and a bucket that, like Amazon S3, returns the access key in its refusal. */
async function runOnABucket(): Promise<void> {
  const refusal = `<Error><Code>InvalidAccessKeyId</Code><Message>The key ${marks.accessKey} is unknown</Message><AWSAccessKeyId>${marks.accessKey}</AWSAccessKeyId></Error>`;
  bucket.script('/bucket/*', [{ status: 403, contentType: 'application/xml', body: Buffer.from(refusal) }]);
  await reelport.stop();
  await reelport.start({
    LOG_JSON: 'true',
    STORAGE: 's3',
    S3_BUCKET: 'bucket',
    S3_ENDPOINT: bucket.url(''),
    S3_ACCESS_KEY_ID: marks.accessKey,
    S3_SECRET_ACCESS_KEY: marks.secretAccessKey,
    MEDIA_BASE_URL: 'http://127.0.0.1/media',
  });
  await askUntilAlive();
  origin.serve('/stored.mp4', newMp4());
  const api = new ApiClient(reelport.url, token);
  const videos = [
    entry('stored', origin.url(`/stored.mp4?sig=${marks.videoQuery}`)),
    ...['missing', 'cut'].map((id) => entry(id, origin.url(`/${id}.mp4?sig=${marks.videoQuery}`))),
  ];
  const id = await api.importVideos('bucket', videos, {
    webhook: receiver.url(`/hook?key=${marks.webhookQuery}`),
  });
  const { videos: ended } = await api.finished(id);
  expect(ended.map(({ code }) => code)).toEqual(['STORAGE_FAILED', 'HTTP_STATUS', 'TRUNCATED']);
  expect(JSON.stringify(bucket.requests)).toContain(marks.accessKey);
  await ask('GET', `/api/v1/imports/${id}/items`);
  await receiver.waitForDelivery(() => true, { count: 5 });
  await askABrokenDatabase();
}

/** Nest reports that it has started before it listens. */
async function askUntilAlive(): Promise<void> {
  await vi.waitFor(() => fetch(`${reelport.url}/health/live`), { timeout: 20_000, interval: 50 });
}

describe('A run with marked secrets', () => {
  it('failed in every intended way', async () => {
    const { body } = await new ApiClient(reelport.url, token).status<{
      videos: Array<{ externalId: string; code?: string }>;
    }>(importId);
    const codes = body.videos.map(({ externalId, code = null }) => [externalId, code]);
    expect(codes).toEqual([['first', null], ...Object.entries(cases).map(([id, { code }]) => [id, code])]);
    expect(receiver.deliveries[0]?.path).toContain(marks.webhookQuery);
    expect(origin.requestsTo('/good.mp4')[0]?.path).toContain(marks.videoQuery);
    expect(Object.values(marks)).not.toContain('');
  });

  it('prints no secret from its processes', () => {
    expect(reelport.output()).toMatch(/DEBUG/);
    expect(reelport.output()).toMatch(/^\{"level":"/m);
    expect(marksIn(reelport.output(), marks)).toEqual([]);
  });

  it('returns no secret in any answer', () => {
    const leaks = [...answers].map(([request, answer]) => [unmarked(request), marksIn(answer, marks)]);
    expect(leaks.filter(([, names]) => names?.length !== 0)).toEqual([]);
  });

  it('prints no secret from commands, except the requested ones', () => {
    expect(commands.size).toBeGreaterThan(8);
    expect(commandSecret).toBe(project.webhookSecret);
    const leaks = [...commands].map(([command, printed]) => [command, marksIn(printed, marks)]);
    expect(leaks.filter(([, names]) => names?.length !== 0)).toEqual([]);
  });

  it('writes no secret to Redis, neither while jobs are queued nor afterwards', async () => {
    const after = await everythingInRedis(redis.admin, PREFIX);
    expect(after.length).toBeGreaterThan(0);
    expect(marksIn([...whileQueued, ...after].join('\n'), marks)).toEqual([]);
  });

  it('sends no secret and no video URL in webhooks', () => {
    expect(receiver.deliveries.length).toBeGreaterThanOrEqual(3);
    const sent = receiver.deliveries.map(({ headers, raw }) => JSON.stringify(headers) + raw).join('\n');
    expect(marksIn(sent, marks)).toEqual([]);
  });

  it('sends the archive no secret beyond its own URLs', () => {
    const sent = origin.requests.map(({ headers }) => JSON.stringify(headers)).join('\n');
    expect(marksIn(sent, marks)).toEqual([]);
  });

  it('stores secrets only in the required database columns', async () => {
    expect(await columnsWithMarks(reelport.database.dataSource, marks)).toEqual({
      // Downloaded URLs and their metadata. The target of a redirect is not stored.
      'import_items.payload': ['videoQuery', 'metadataValue'],
      'media.source_url': ['videoQuery'],
      // URLs of webhook receivers.
      'imports.webhook': ['webhookQuery'],
      'webhook_deliveries.url': ['webhookQuery'],
      // Signing keys of webhooks.
      'projects.webhook_secrets': ['webhookSecret'],
    });
  });
});

describe('A failing start', () => {
  const wrong = newMark();

  it.each<[string, Program, () => Record<string, string>, string]>([
    [
      'the password of the database',
      'main',
      () => ({ DATABASE_URL: withPassword(reelport.database.url, wrong) }),
      'DATABASE_URL: PostgreSQL refuses',
    ],
    [
      'the password of Redis',
      'worker',
      () => ({ REDIS_URL: redis.url.replace(marks.redisPassword, wrong) }),
      'REDIS_URL: Redis rejects',
    ],
    [
      'values that break the rules',
      'main',
      () => ({
        DATABASE_URL: `mysql://user:${wrong}@127.0.0.1/x`,
        REDIS_URL: `http://:${wrong}@127.0.0.1`,
        TOKEN_SECRETS_PREVIOUS: wrong.slice(0, 20),
        S3_ENDPOINT: `ftp://user:${wrong}@127.0.0.1`,
      }),
      'Invalid environment',
    ],
    [
      'the address of the database',
      'main',
      () => ({ DATABASE_URL: `postgresql://user:${wrong}@127.0.0.1:99999/x` }),
      'DATABASE_URL must be a URL',
    ],
  ])('because of %s reveals no secret', async (_, program, environment, sign) => {
    const printed = await failingStart(program, { ...working(), ...environment() }, sign);
    expect(marksIn(printed, { ...marks, wrong, beginning: wrong.slice(0, 20) })).toEqual([]);
  });
});

/** A working environment. */
function working(): Record<string, string> {
  return {
    DATABASE_URL: reelport.database.url,
    REDIS_URL: redis.url,
    REDIS_PREFIX: PREFIX,
    DATA_DIR: reelport.dataDir,
    TOKEN_SECRET,
  };
}

/** The real password. The test database server has a random one. */
function databasePassword(): string {
  const { password } = new URL(inject('databaseUrl'));
  // Another server may use a common word, which is matched together with its delimiters in the URL.
  return password.length < 30 ? `:${password}@` : password;
}

function withPassword(address: string, password: string): string {
  return Object.assign(new URL(address), { password }).href;
}

/** The name of a request without the secrets in it. */
function unmarked(request: string): string {
  return Object.entries(marks satisfies Marks).reduce(
    (text, [name, mark]) => text.replaceAll(mark, `<${name}>`),
    request,
  );
}
