/** A permitted use of a module that can open connections. */
export interface WayOut {
  readonly module: string;
  /** Default: every name of the module. */
  readonly names?: readonly string[];
  /** Files that may use it. Default: every file. */
  readonly files?: readonly string[];
  /** The peer, and why its address is not user-controlled. */
  readonly why: string;
}

const outbound = (file: string): string => `libs/outbound-http/src/${file}`;
const embedded = (file: string): string => `libs/embedded/src/${file}`;

/** Every permitted connection of src and libs. All others are forbidden. */
export const WAYS_OUT: readonly WayOut[] = [
  {
    module: 'undici',
    names: ['Agent', 'Client', 'Pool', 'buildConnector'],
    files: [outbound('gated-client.ts'), outbound('guarded-agent.ts'), outbound('guarded-connector.ts')],
    why: 'the guarded client itself: the only way to user-supplied addresses',
  },
  {
    module: 'node:dns/promises',
    files: [outbound('name-lookup.ts')],
    why: 'name servers of the system; the answers are checked by the guarded client',
  },
  { module: 'typeorm', why: 'PostgreSQL, at DATABASE_URL or embedded' },
  { module: '@nestjs/typeorm', why: 'PostgreSQL, at DATABASE_URL or embedded' },
  {
    module: 'pg',
    files: [
      'src/cli/database-connection.ts',
      'src/database/close-connection.ts',
      'src/database/connection-renewal.ts',
      'src/database/own-connection.ts',
      embedded('postgres/readiness.ts'),
    ],
    why: 'PostgreSQL, at DATABASE_URL or embedded',
  },
  { module: '@nestjs/config', why: 'hands out the configuration; connects to nothing' },
  { module: '@nestjs/bull', why: 'Redis, at REDIS_URL or embedded' },
  {
    module: 'ioredis',
    files: ['src/limits/limits-redis.ts', 'src/queue/refused-credentials.ts'],
    why: 'Redis, at REDIS_URL or embedded',
  },
  {
    module: 'jose',
    names: ['createRemoteJWKSet'],
    files: ['src/auth/identity-provider.ts', 'src/auth/new-keys.ts'],
    why: 'the identity provider of the operator, at TOKEN_JWKS_URL',
  },
  {
    module: '@aws-sdk/client-s3',
    files: ['libs/storage/src/s3.client.ts'],
    why: 'the bucket of the operator, at S3_ENDPOINT or AWS',
  },
  {
    module: 'node:net',
    names: ['Socket'],
    files: ['src/database/own-connection.ts'],
    why: 'PostgreSQL, at DATABASE_URL or embedded: pg connects it',
  },
  {
    module: 'node:net',
    names: ['Socket'],
    files: ['src/media/isolation/serve-kind.ts'],
    why: 'the channel of a child process to its parent, a descriptor that is open already',
  },
  {
    module: 'node:net',
    names: ['connect'],
    files: [embedded('redis/server.ts')],
    why: 'readiness check of an embedded Redis on its socket',
  },
  {
    module: 'node:child_process',
    files: [
      embedded('guardian.ts'),
      embedded('postgres/account.ts'),
      embedded('postgres/binaries.ts'),
      embedded('postgres/cluster.ts'),
      embedded('process-identity.ts'),
      embedded('redis/executable.ts'),
      embedded('service-process.ts'),
      'libs/system-packages/src/install-program.ts',
      'libs/system-packages/src/path-of.ts',
    ],
    why: 'PostgreSQL, Redis, their guardian and the package manager of this machine, with fixed arguments',
  },
  {
    module: 'node:child_process',
    files: ['libs/child-pool/src/spawn-child.ts'],
    why: 'Node with a bundled module, or the program of the team again, that reads files for its parent',
  },
  {
    module: 'node:module',
    names: ['createRequire'],
    files: [
      'src/process/asset-path.ts',
      'src/cli/generate/generate.actions.ts',
      'src/console/console-folder.ts',
      'src/own-names.ts',
      embedded('postgres/binaries.ts'),
      'libs/media-probe/src/read-with-mediabunny.ts',
    ],
    why: 'locates a package with a literal name, or a file of assets/ or the console',
  },
  {
    module: 'node:module',
    names: ['register'],
    files: ['libs/threads/source-loader/register.mjs'],
    why: 'TypeScript in test threads; not part of the build',
  },
];

/** Names of connecting modules that cannot connect themselves. */
export const HARMLESS_NAMES: Readonly<Record<string, readonly string[]>> = {
  'node:net': ['createServer', 'isIP', 'isIPv6'],
  'node:http': ['STATUS_CODES'],
  'node:tls': ['createSecureContext', 'rootCertificates'],
  fastify: ['fastify'],
  undici: ['errors'],
  jose: ['calculateJwkThumbprint', 'CompactSign', 'decodeProtectedHeader', 'errors', 'jwtVerify', 'SignJWT'],
  // Its limiters use the given connection.
  'rate-limiter-flexible': ['RateLimiterMemory', 'RateLimiterRedis', 'RateLimiterRes'],
  // Its Pushgateway would send to any address.
  'prom-client': ['collectDefaultMetrics', 'Counter', 'Gauge', 'Histogram', 'Registry', 'Summary'],
  // Its HttpHealthIndicator would request any address.
  '@nestjs/terminus': [
    'HealthCheck',
    'HealthCheckService',
    'HealthIndicatorService',
    'TerminusModule',
    'TypeOrmHealthIndicator',
  ],
};

/** Modules that cannot connect. The URL readers of mediabunny are detected by their name. */
export const HARMLESS_MODULES: ReadonlySet<string> = new Set([
  'node:assert/strict',
  'node:buffer',
  'node:crypto',
  'node:events',
  'node:fs',
  'node:fs/promises',
  'node:os',
  'node:path',
  'node:perf_hooks',
  'node:stream',
  'node:stream/consumers',
  'node:stream/promises',
  'node:timers/promises',
  'node:url',
  'semver/functions/satisfies.js',
  'semver/ranges/valid.js',
  '@nestjs/common/constants.js',
  'node:util',
  'node:worker_threads',
  'node:zlib',
  '@fastify/accept-negotiator',
  '@fastify/helmet',
  '@fastify/static',
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/platform-fastify',
  '@nestjs/schedule',
  '@nestjs/swagger',
  'ajv-formats',
  'ajv/dist/2020.js',
  'class-transformer',
  'class-validator',
  'close-with-grace',
  'commander',
  'csv-stringify/sync',
  'dataloader',
  'ipaddr.js',
  'jsonc-parser',
  'lru-cache',
  'mediabunny',
  'mediainfo.js',
  'reflect-metadata',
  'rxjs',
  'secure-json-parse',
  'standardwebhooks',
  'tinyqueue',
  'typescript',
]);
