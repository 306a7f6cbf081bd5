import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { EnvironmentError, parseEnvironment } from './parse-environment.js';
import { describeVariables } from './variable.decorator.js';

/** Wrong type, too small, too large. */
const whole = (...outside: string[]): string[] => [
  'x',
  '1.5',
  '1e3',
  '0x10',
  '99999999999999999999',
  '-1',
  ...outside,
];
const DURATION = [
  'soon',
  '1.5h',
  '30 seconds',
  '30S',
  '10 GiB',
  '-1s',
  '25d',
  '90d',
  '99999999999999999999d',
];
const LONG_DURATION = ['soon', '1.5h', '30 seconds', '30S', '-1s', '366d', '99999999999999999999d'];
const SIZE = ['big', '10 GB', '1.5 GiB', '10 gib', '30s', '-1', '2000 TiB', '99999999999999999999'];
const FLAG = ['yes', 'TRUE', '2'];
const BASE_URL = [
  'reelport.example.com',
  'ftp://reelport.example.com',
  'http://',
  'https://reelport.example.com/?a=1',
  'https://reelport.example.com?',
  'https://reelport.example.com/#docs',
  'https://user:hunter2@reelport.example.com',
  'https://reelport.example.com:99999',
  'https://reel port.example.com',
];
const SECRET = ['short', 'x'.repeat(31)];
/** Any text is valid. */
const TEXT: string[] = [];

/** Invalid values of each variable. */
const REFUSED: Record<string, string[]> = {
  PORT: whole('65536'),
  HOST: ['http://0.0.0.0', 'localhost:3000', '0.0.0.0/0', '999.1.1.1', 'my host', '[::1]'],
  PUBLIC_URL: BASE_URL,
  DATABASE_URL: [
    'reelport',
    'mysql://localhost/reelport',
    'postgresql://',
    'postgresql://user:pa#ss@localhost/reelport',
    'postgresql://user:pa/ss@localhost/reelport',
    'postgresql://user:pass%zz@localhost/reelport',
    'postgresql://localhost:port/reelport',
    'postgresql://localhost:99999/reelport',
    'postgresql://local host/reelport',
  ],
  DATABASE_POOL: whole('1', '1001'),
  DATABASE_TIMEOUT_MS: [...DURATION, '0', '999ms', '61m'],
  REDIS_URL: [
    'localhost:6379',
    'http://localhost:6379',
    'redis://localhost:port',
    'redis://localhost:99999',
    'redis://:pa#ss@localhost',
    'redis://localhost/first',
    'unix://',
  ],
  REDIS_PREFIX: ['a b', 'a*', '{a}'],
  DATA_DIR: TEXT,
  STORAGE: ['tape', 'S3', 'Local'],
  S3_BUCKET: ['s3://videos', 'videos/2026', 'my videos'],
  S3_REGION: TEXT,
  S3_ENDPOINT: BASE_URL,
  S3_ACCESS_KEY_ID: TEXT,
  S3_SECRET_ACCESS_KEY: TEXT,
  S3_FORCE_PATH_STYLE: FLAG,
  S3_PREFIX: TEXT,
  MEDIA_SERVICE: TEXT,
  MEDIA_BASE_URL: BASE_URL,
  MEDIA_URL_QUERY: ['a=1#b', 'a=1 b'],
  TOKEN_SECRET: SECRET,
  TOKEN_SECRETS_PREVIOUS: [...SECRET, `${'x'.repeat(32)},short`],
  RECEIPT_KEY: [
    'hunter2',
    '{"kty":"OKP","crv":"Ed25519","d":"hunter2"}',
    '{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}',
    '-----BEGIN PRIVATE KEY-----\\nhunter2\\n-----END PRIVATE KEY-----',
  ],
  TOKEN_JWKS_URL: [
    'login.example.com/keys',
    'ftp://login.example.com/keys',
    'https://login.example.com/keys#1',
  ],
  TOKEN_ISSUER: TEXT,
  TOKEN_AUDIENCE: TEXT,
  TOKEN_PROJECT_CLAIM: TEXT,
  TOKEN_SCOPE_CLAIM: TEXT,
  RATE_LIMIT_ADDRESS: whole('1000000001'),
  RATE_LIMIT_TOKEN: whole('1000000001'),
  RATE_LIMIT_FAILED_AUTH: whole('1000000001'),
  TRUST_PROXY: [
    'true',
    '10.0.0.0/99',
    '::/129',
    '/99',
    '10.0.0.0/8/8',
    '10.0.0',
    '10.0.0.0/8, my-proxy',
    '10.0.0.0/255.0.0.0',
  ],
  CORS_ORIGINS: ['*', 'cms.example.com', 'https://cms.example.com/', 'https://cms.example.com/app'],
  TRUSTED_NETWORKS: [
    '10.0.0.0/99',
    '/99',
    'archive.internal:8080',
    'http://archive.internal',
    '10.0.0',
    '10.0.0.0/x',
  ],
  OUTBOUND_PORTS: [...whole('0', '65536'), '80;443', ','],
  OUTBOUND_CONNECT_MS: [...DURATION, '99ms'],
  OUTBOUND_HEADERS_MS: [...DURATION, '99ms'],
  OUTBOUND_IDLE_MS: [...DURATION, '99ms'],
  OUTBOUND_MIN_BYTES_PER_SECOND: SIZE,
  OUTBOUND_TOTAL_MS: [...DURATION, '999ms'],
  WORKER_CONCURRENCY: whole('0', '1025'),
  HOST_CONCURRENCY: whole('0', '10001'),
  DISPATCH_WINDOW: whole('0', '100001'),
  PROBE_PROCESSES: whole('0', '65'),
  MAX_BATCH_ITEMS: whole('0', '1000001'),
  MAX_BODY_BYTES: [...SIZE, '1023'],
  MAX_VIDEO_BYTES: [...SIZE, '0'],
  MIN_FREE_BYTES: SIZE,
  RETRY_SCHEDULE: [...LONG_DURATION, ',', '1s;2s'],
  HOST_RETRY_SCHEDULE: [...LONG_DURATION, ','],
  HOST_PATIENCE_MS: LONG_DURATION,
  LEASE_MS: [...DURATION, '999ms'],
  WEBHOOK_SCHEDULE: [...LONG_DURATION, ','],
  EVENT_RETENTION: [...LONG_DURATION, '59s'],
  PLAN_TTL: [...LONG_DURATION, '999ms'],
  MAX_EVENT_STREAMS: whole('0', '100001'),
  LISTENER_SCHEDULE: [...LONG_DURATION, ','],
  WEBHOOK_TIMEOUT_MS: [...DURATION, '99ms'],
  WEBHOOK_RESPONSE_BYTES: [...SIZE, '8193', '9 KiB'],
  ORPHAN_GRACE_MS: [...LONG_DURATION, '999ms'],
  SHUTDOWN_GRACE_MS: DURATION,
  STALL_LIMIT_MS: DURATION,
  WORKER_PORT: whole('65536'),
  RUN_MIGRATIONS: FLAG,
  LOG_LEVEL: ['info', 'LOG', 'trace'],
  LOG_JSON: FLAG,
};

function faultOf(environment: Record<string, string>): string {
  try {
    parseEnvironment(environment);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message;
    throw error;
  }
  return 'none';
}

/** Variables that are required together. */
const NEEDED: Record<string, Record<string, string>> = {
  TOKEN_JWKS_URL: { TOKEN_ISSUER: 'https://login.example.com', TOKEN_AUDIENCE: 'reelport' },
};
/** An empty value is meaningful. */
const EMPTY_IS_VALUE = new Set(['MEDIA_URL_QUERY']);
/** Values are not trimmed. */
const SECRETS = new Set(['TOKEN_SECRET', 'S3_SECRET_ACCESS_KEY']);
const variables = describeVariables().map(({ name }) => name);
const cases = Object.entries(REFUSED).flatMap(([name, values]) =>
  values.map((value) => [name, value] as const),
);

describe('the environment', () => {
  it('has invalid values listed here for every variable', () => {
    expect(Object.keys(REFUSED)).toEqual(variables);
  });

  it.each(cases)('is refused with the name of the variable: %s=%s', (name, value) => {
    const [, line] = faultOf({ ...NEEDED[name], [name]: value }).split('\n');
    expect(line).toMatch(new RegExp(String.raw`^ {2}(?:${name}: )?(?:each value in )?${name} must be `));
    // A malformed URL may contain a password anywhere.
    expect(line).not.toContain('hunter2');
  });

  it.each(variables.filter((name) => !EMPTY_IS_VALUE.has(name)))('treats an empty %s as unset', (name) => {
    expect(parseEnvironment({ [name]: '' })).toEqual(parseEnvironment({}));
  });

  it.each(variables.filter((name) => !EMPTY_IS_VALUE.has(name) && !SECRETS.has(name)))(
    'treats a blank %s as unset',
    (name) => {
      expect(parseEnvironment({ [name]: '  ' })).toEqual(parseEnvironment({}));
    },
  );

  it.each([
    ['PORT', ' 8080 ', 8_080],
    ['LEASE_MS', '24d', 2_073_600_000],
    ['LEASE_MS', ' 30 s ', 30_000],
    ['ORPHAN_GRACE_MS', '90d', 7_776_000_000],
    ['PUBLIC_URL', 'https://Reelport.Example.com/', 'https://reelport.example.com'],
    ['PUBLIC_URL', 'http://host/reelport//', 'http://host/reelport'],
    ['PUBLIC_URL', 'http://[::1]:3000', 'http://[::1]:3000'],
    ['MEDIA_BASE_URL', 'https://cdn.example.com/videos/ ', 'https://cdn.example.com/videos'],
    ['MEDIA_URL_QUERY', '?auto=format', 'auto=format'],
    [
      'DATABASE_URL',
      'postgresql:///reelport?host=/var/run/postgresql',
      'postgresql:///reelport?host=/var/run/postgresql',
    ],
    [
      'DATABASE_URL',
      'postgres://user:p%23ss@[::1]:5432/reelport',
      'postgres://user:p%23ss@[::1]:5432/reelport',
    ],
    ['REDIS_URL', 'redis://:p%23ss@localhost:6379/2', 'redis://:p%23ss@localhost:6379/2'],
    ['REDIS_URL', 'unix:///run/redis.sock', 'unix:///run/redis.sock'],
    ['REDIS_URL', '/run/redis.sock', '/run/redis.sock'],
    ['HOST', '::', '::'],
    ['TRUSTED_NETWORKS', 'fd00::/8,Archiv.Übung.internal', ['fd00::/8', 'Archiv.Übung.internal']],
    ['TOKEN_SECRET', ` ${'x'.repeat(32)} `, ` ${'x'.repeat(32)} `],
  ])('accepts %s=%s', (name, given, value) => {
    expect(parseEnvironment({ [name]: given })).toHaveProperty(name, value);
  });

  it('names the units of a duration', () => {
    expect(faultOf({ LEASE_MS: '90d' })).toContain(
      'LEASE_MS must be a duration between 1s and 24d, such as 250ms, 30s, 15m, 2h or 1d',
    );
  });

  it('names the units of a size', () => {
    expect(faultOf({ MAX_VIDEO_BYTES: '10 GB' })).toContain('such as 512 KiB, 64 MiB or 10 GiB');
  });

  it('requires both halves of the bucket key', () => {
    expect(faultOf({ S3_ACCESS_KEY_ID: 'key' })).toContain('S3_SECRET_ACCESS_KEY is required');
    expect(faultOf({ S3_SECRET_ACCESS_KEY: 'secret' })).toContain('S3_ACCESS_KEY_ID is required');
  });
});
