import { IsIn, IsString, Matches, MinLength } from 'class-validator';
import { EnvironmentVariable } from './variable.decorator.js';
import { baseUrl, bytes, duration, durations, flag, integer, integers, list, query } from './parsers.js';
import {
  AreNetworksOrHosts,
  AreProxies,
  IsBaseUrl,
  IsDatabaseUrl,
  IsDuration,
  IsEd25519Key,
  IsFlag,
  IsHostToListenOn,
  IsHttpUrl,
  IsNotEmptyList,
  IsRedisUrl,
  IsSize,
  IsWholeNumber,
  YEAR_MS,
} from './rules.js';

const ORIGIN = /^https?:\/\/[^\s/?#@]+$/;

/**
 * The configuration, read once from the environment by `parseEnvironment()`.
 *
 * Sizes are in bytes or have a unit (`10 GiB`), durations are in milliseconds or have a unit (`30s`). The message of each
 * rule states the accepted values.
 */
export class Environment {
  @EnvironmentVariable({
    description: 'Port of the API; 0 picks a free port.',
    default: '3000',
    parse: integer,
  })
  @IsWholeNumber(0, 65_535)
  PORT: number;

  @EnvironmentVariable({ description: 'Address the API listens on.', default: '127.0.0.1' })
  @IsHostToListenOn()
  HOST: string;

  @EnvironmentVariable({
    description:
      'URL clients use to reach the API, including a proxy path if there is one, identical in all API processes; default: `http://localhost:PORT`.',
    parse: baseUrl,
  })
  @IsBaseUrl('https://reelport.example.com')
  PUBLIC_URL?: string;

  @EnvironmentVariable({ description: 'PostgreSQL URL: `postgresql://user:password@host:5432/database`.' })
  @IsDatabaseUrl()
  DATABASE_URL?: string;

  @EnvironmentVariable({
    description: 'Size of the PostgreSQL connection pool of each process.',
    default: '10',
    parse: integer,
  })
  @IsWholeNumber(2, 1_000)
  DATABASE_POOL: number;

  @EnvironmentVariable({
    description:
      'Time limit for one SQL statement, except in migrations; its connection is closed afterwards. Raise it together with MAX_BATCH_ITEMS.',
    default: '15s',
    parse: duration,
  })
  @IsDuration(1_000, 3_600_000)
  DATABASE_TIMEOUT_MS: number;

  @EnvironmentVariable({ description: 'Redis URL: `redis://host:6379` or `unix:///path/to/redis.sock`.' })
  @IsRedisUrl()
  REDIS_URL?: string;

  @EnvironmentVariable({
    description: 'Prefix of all Redis keys; use a different one for each installation that shares a Redis.',
    default: 'reelport',
  })
  @Matches(/^[\w:.-]+$/, { message: 'REDIS_PREFIX must be made of letters, digits and : . _ -' })
  REDIS_PREFIX: string;

  @EnvironmentVariable({
    description: 'Folder for in-flight downloads, local storage and the embedded services.',
    default: '.data',
  })
  @MinLength(1)
  DATA_DIR: string;

  @EnvironmentVariable({
    description:
      'Storage backend: `local` (below DATA_DIR, one folder shared by all processes), `s3`, or a storage of an extension.',
    default: 'local',
  })
  @IsString()
  STORAGE: string;

  @EnvironmentVariable({ description: 'Bucket name; required if STORAGE is `s3`.' })
  @Matches(/^[\w.-]+$/, { message: 'S3_BUCKET must be the name of a bucket alone, such as videos' })
  S3_BUCKET?: string;

  @EnvironmentVariable({ description: 'Region of the bucket.', default: 'us-east-1' })
  @IsString()
  S3_REGION: string;

  @EnvironmentVariable({
    description: 'Endpoint of an S3-compatible service; default: AWS.',
    parse: baseUrl,
  })
  @IsBaseUrl('https://s3.example.com')
  S3_ENDPOINT?: string;

  @EnvironmentVariable({ description: 'Access key ID; default: the credential chain of the AWS SDK.' })
  @IsString()
  S3_ACCESS_KEY_ID?: string;

  @EnvironmentVariable({ description: 'Secret access key.', verbatim: true })
  @IsString()
  S3_SECRET_ACCESS_KEY?: string;

  @EnvironmentVariable({
    description: 'Put the bucket name into the path instead of the host name.',
    default: 'false',
    parse: flag,
  })
  @IsFlag()
  S3_FORCE_PATH_STYLE: boolean;

  @EnvironmentVariable({ description: 'Key prefix inside the bucket.', default: '' })
  @IsString()
  S3_PREFIX: string;

  @EnvironmentVariable({
    description:
      'Name of the service whose URL parameters `video.url` accepts, or of a media service of an extension; returned to clients as `videoService`.',
    default: 'imgix',
    formerName: 'VIDEO_SERVICE',
  })
  @IsString()
  MEDIA_SERVICE: string;

  @EnvironmentVariable({
    description:
      'Base URL of stored files in `video.url` and `originalUrl`, for example a CDN; default: `PUBLIC_URL/media`. Required unless STORAGE is `local`.',
    formerName: 'VIDEO_BASE_URL',
    parse: baseUrl,
  })
  @IsBaseUrl('https://cdn.example.com/videos')
  MEDIA_BASE_URL?: string;

  @EnvironmentVariable({
    description:
      'Query string appended to `video.url`, unless MEDIA_SERVICE names a service of an extension; may be empty.',
    formerName: 'VIDEO_URL_QUERY',
    default: 'auto=format',
    emptyIsValue: true,
    parse: query,
  })
  @Matches(/^[^\s#]*$/, {
    message: 'MEDIA_URL_QUERY must be a query without # and spaces, such as auto=format',
  })
  MEDIA_URL_QUERY: string;

  @EnvironmentVariable({
    description:
      'Key that signs access tokens, at least 32 characters, identical in all processes. Without DATABASE_URL it is generated once and kept below DATA_DIR.',
    verbatim: true,
  })
  @MinLength(32)
  TOKEN_SECRET?: string;

  @EnvironmentVariable({
    description:
      'Other signing keys, comma-separated, accepted for verification only: previous ones, and the next one before a rotation.',
    default: '',
    parse: list,
  })
  @MinLength(32, { each: true })
  TOKEN_SECRETS_PREVIOUS: string[];

  @EnvironmentVariable({
    description:
      'Private Ed25519 key (JSON Web Key, PKCS #8 PEM) that signs receipts, identical in all API processes; default: generated once and kept below DATA_DIR.',
  })
  @IsEd25519Key()
  RECEIPT_KEY?: string;

  @EnvironmentVariable({
    description:
      'JSON Web Key Set URL of an identity provider whose tokens are accepted, too; requires TOKEN_ISSUER and TOKEN_AUDIENCE.',
  })
  @IsHttpUrl('https://login.example.com/keys')
  TOKEN_JWKS_URL?: string;

  @EnvironmentVariable({ description: 'Required `iss` claim in tokens of the identity provider.' })
  @IsString()
  TOKEN_ISSUER?: string;

  @EnvironmentVariable({ description: 'Required `aud` claim in tokens of the identity provider.' })
  @IsString()
  TOKEN_AUDIENCE?: string;

  @EnvironmentVariable({
    description: 'Claim that holds the project name in tokens of the identity provider.',
    default: 'project',
  })
  @IsString()
  TOKEN_PROJECT_CLAIM: string;

  @EnvironmentVariable({
    description:
      'Claim that holds the scopes in tokens of the identity provider: a list or a space-separated string.',
    default: 'scope',
  })
  @IsString()
  TOKEN_SCOPE_CLAIM: string;

  @EnvironmentVariable({
    description:
      'Requests per minute and client address, except health checks and media; 0 disables the limit.',
    default: '12000',
    parse: integer,
  })
  @IsWholeNumber(0, 1_000_000_000)
  RATE_LIMIT_ADDRESS: number;

  @EnvironmentVariable({
    description: 'Requests per minute and access token; 0 disables the limit.',
    default: '6000',
    parse: integer,
  })
  @IsWholeNumber(0, 1_000_000_000)
  RATE_LIMIT_TOKEN: number;

  @EnvironmentVariable({
    description: 'Requests per minute and client address without a valid access token; 0 disables the limit.',
    default: '60',
    parse: integer,
  })
  @IsWholeNumber(0, 1_000_000_000)
  RATE_LIMIT_FAILED_AUTH: number;

  @EnvironmentVariable({
    description:
      'Proxies whose X-Forwarded-For header is trusted: addresses, networks (CIDR) or `loopback`, comma-separated.',
    default: '',
    parse: list,
  })
  @AreProxies()
  TRUST_PROXY: string[];

  @EnvironmentVariable({
    description:
      'Origins allowed by CORS, comma-separated, for example `https://cms.example.com`; default: none.',
    default: '',
    parse: list,
  })
  @Matches(ORIGIN, { each: true, message: 'CORS_ORIGINS must be origins: https://host, without a path' })
  CORS_ORIGINS: string[];

  @EnvironmentVariable({
    description:
      'Private networks (CIDR), addresses and host names that downloads and webhooks may reach, comma-separated.',
    default: '',
    parse: list,
  })
  @AreNetworksOrHosts()
  TRUSTED_NETWORKS: string[];

  @EnvironmentVariable({
    description: 'Allowed ports of video and webhook URLs; inside TRUSTED_NETWORKS every port is allowed.',
    default: '80,443',
    parse: integers,
  })
  @IsNotEmptyList('80,443')
  @IsWholeNumber(1, 65_535, { each: true })
  OUTBOUND_PORTS: number[];

  @EnvironmentVariable({
    description: 'Time limit for the DNS lookup and the connection to the host of a video or webhook.',
    default: '10s',
    parse: duration,
  })
  @IsDuration(100)
  OUTBOUND_CONNECT_MS: number;

  @EnvironmentVariable({
    description: 'Time limit for a video host, from the request to the end of its response headers.',
    default: '30s',
    parse: duration,
  })
  @IsDuration(100)
  OUTBOUND_HEADERS_MS: number;

  @EnvironmentVariable({
    description: 'Time limit for a download that receives no bytes.',
    default: '30s',
    parse: duration,
  })
  @IsDuration(100)
  OUTBOUND_IDLE_MS: number;

  @EnvironmentVariable({
    description:
      'Minimum download speed in bytes per second, averaged over OUTBOUND_IDLE_MS; 0 disables the check.',
    default: '8 KiB',
    parse: bytes,
  })
  @IsSize(0)
  OUTBOUND_MIN_BYTES_PER_SECOND: number;

  @EnvironmentVariable({
    description: 'Time limit for a whole download, including redirects.',
    default: '6h',
    parse: duration,
  })
  @IsDuration(1_000)
  OUTBOUND_TOTAL_MS: number;

  @EnvironmentVariable({
    description: 'Videos that one worker process imports concurrently.',
    default: '48',
    parse: integer,
  })
  @IsWholeNumber(1, 1_024)
  WORKER_CONCURRENCY: number;

  @EnvironmentVariable({
    description: 'Concurrent downloads per origin host, across all workers.',
    default: '16',
    parse: integer,
  })
  @IsWholeNumber(1, 10_000)
  HOST_CONCURRENCY: number;

  @EnvironmentVariable({
    description: 'Maximum number of queued items in Redis, across all imports.',
    default: '32',
    parse: integer,
  })
  @IsWholeNumber(1, 100_000)
  DISPATCH_WINDOW: number;

  @EnvironmentVariable({
    description:
      'Parser processes per worker for video headers, and for each isolated kind of an extension; up to two more start while files are slow to read.',
    default: '1',
    formerName: 'PROBE_THREADS',
    parse: integer,
  })
  @IsWholeNumber(1, 64)
  PROBE_PROCESSES: number;

  @EnvironmentVariable({
    description: 'Maximum number of items per batch.',
    default: '10000',
    formerName: 'MAX_BATCH_VIDEOS',
    parse: integer,
  })
  @IsWholeNumber(1, 1_000_000)
  MAX_BATCH_ITEMS: number;

  @EnvironmentVariable({ description: 'Maximum size of a request body.', default: '64 MiB', parse: bytes })
  @IsSize(1_024)
  MAX_BODY_BYTES: number;

  @EnvironmentVariable({ description: 'Maximum size of one video.', default: '10 GiB', parse: bytes })
  @IsSize(1)
  MAX_VIDEO_BYTES: number;

  @EnvironmentVariable({
    description: 'Minimum free disk space in DATA_DIR; below it, workers start no further downloads.',
    default: '1 GiB',
    parse: bytes,
  })
  @IsSize(0)
  MIN_FREE_BYTES: number;

  @EnvironmentVariable({
    description: 'Backoff after each transient failure of a video, comma-separated; jitter is added.',
    default: '2s,10s,30s,2m,6m',
    parse: durations,
  })
  @IsNotEmptyList('2s,10s,30s')
  @IsDuration(0, YEAR_MS, { each: true })
  RETRY_SCHEDULE: number[];

  @EnvironmentVariable({
    description: 'Backoff for a failing host, comma-separated; the last value repeats, jitter is added.',
    default: '1s,2s,5s,15s,1m,5m',
    parse: durations,
  })
  @IsNotEmptyList('2s,10s,30s')
  @IsDuration(0, YEAR_MS, { each: true })
  HOST_RETRY_SCHEDULE: number[];

  @EnvironmentVariable({
    description: 'Time that videos wait for an unreachable host before they fail.',
    default: '24h',
    parse: duration,
  })
  @IsDuration(0, YEAR_MS)
  HOST_PATIENCE_MS: number;

  @EnvironmentVariable({
    description: 'Lifetime of the lease of an item; a worker that does not renew it loses the item.',
    default: '30s',
    parse: duration,
  })
  @IsDuration(1_000)
  LEASE_MS: number;

  @EnvironmentVariable({
    description: 'Delay before each attempt of a webhook delivery, comma-separated; jitter is added.',
    default: '0s,5s,5m,30m,2h,5h,10h,10h',
    parse: durations,
  })
  @IsNotEmptyList('2s,10s,30s')
  @IsDuration(0, YEAR_MS, { each: true })
  WEBHOOK_SCHEDULE: number[];

  @EnvironmentVariable({
    description: 'Retention of the events of imports; a stream cannot resume from an older cursor.',
    default: '7d',
    parse: duration,
  })
  @IsDuration(60_000, YEAR_MS)
  EVENT_RETENTION: number;

  @EnvironmentVariable({
    description: 'How long a plan can be applied; then its items fail with PLAN_EXPIRED.',
    default: '7d',
    parse: duration,
  })
  @IsDuration(1_000, YEAR_MS)
  PLAN_TTL: number;

  @EnvironmentVariable({
    description:
      'Event streams and waiting status calls per access token, in each API process; more are answered 429.',
    default: '100',
    parse: integer,
  })
  @IsWholeNumber(1, 100_000)
  MAX_EVENT_STREAMS: number;

  @EnvironmentVariable({
    description:
      'Backoff after each failed attempt of a listener, comma-separated; jitter is added. Then the event becomes a dead letter.',
    default: '1s,5s,30s,2m,10m,30m,1h',
    parse: durations,
  })
  @IsNotEmptyList('1s,30s,5m')
  @IsDuration(0, YEAR_MS, { each: true })
  LISTENER_SCHEDULE: number[];

  @EnvironmentVariable({
    description: 'Time limit for the response of a webhook receiver.',
    default: '15s',
    parse: duration,
  })
  @IsDuration(100)
  WEBHOOK_TIMEOUT_MS: number;

  /** With TRUSTED_NETWORKS, a webhook may lead to an internal host, and its partner reads what is kept. */
  @EnvironmentVariable({
    description:
      'Part of a webhook response to keep, at most 8 KiB. Default: 1 KiB, or 0 with TRUSTED_NETWORKS: partners must not read what internal hosts answer.',
    parse: bytes,
  })
  @IsSize(0, 8_192)
  WEBHOOK_RESPONSE_BYTES: number;

  @EnvironmentVariable({
    description: 'Retention of unreferenced files before the sweep removes them.',
    default: '24h',
    parse: duration,
  })
  @IsDuration(1_000, YEAR_MS)
  ORPHAN_GRACE_MS: number;

  @EnvironmentVariable({
    description: 'Grace period at shutdown; in-flight work is aborted when it ends.',
    default: '10s',
    parse: duration,
  })
  @IsDuration(0)
  SHUTDOWN_GRACE_MS: number;

  @EnvironmentVariable({
    description:
      'Time that a dispatch round, a commit or the event loop may hang before the process exits for its supervisor to restart it; 0 disables the check.',
    default: '1m',
    parse: duration,
  })
  @IsDuration(0)
  STALL_LIMIT_MS: number;

  @EnvironmentVariable({
    description:
      'Port on which a worker serves `/health/live`, `/health/ready` and `/metrics` without authentication; default: none.',
    parse: integer,
  })
  @IsWholeNumber(0, 65_535)
  WORKER_PORT?: number;

  @EnvironmentVariable({
    description: 'Run pending database migrations at startup.',
    default: 'true',
    parse: flag,
  })
  @IsFlag()
  RUN_MIGRATIONS: boolean;

  @EnvironmentVariable({
    description: 'Lowest severity that is logged: `error`, `warn`, `log`, `debug` or `verbose`.',
    default: 'log',
  })
  @IsIn(['error', 'warn', 'log', 'debug', 'verbose'])
  LOG_LEVEL: 'error' | 'warn' | 'log' | 'debug' | 'verbose';

  @EnvironmentVariable({ description: 'Log as JSON, one object per line.', default: 'false', parse: flag })
  @IsFlag()
  LOG_JSON: boolean;
}
