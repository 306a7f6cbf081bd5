import { IsIn, IsString, Matches, MinLength } from 'class-validator';
import { EnvironmentVariable } from './variable.decorator.js';
import { baseUrl, bytes, duration, durations, flag, integer, integers, list, query } from './parsers.js';
import {
  AreNetworksOrHosts,
  AreProxies,
  IsBaseUrl,
  IsDatabaseUrl,
  IsDuration,
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
 * Everything that can be configured, read once from the environment by `loadEnvironment()`.
 *
 * Sizes are given in bytes or with a unit (`10 GiB`), durations in milliseconds or with a unit (`30s`). Rules say in
 * their messages what would be right.
 */
export class Environment {
  @EnvironmentVariable({
    description: 'Port of the API; 0 takes any free one.',
    default: '3000',
    parse: integer,
  })
  @IsWholeNumber(0, 65_535)
  PORT: number;

  @EnvironmentVariable({ description: 'Address that the API listens on.', default: '127.0.0.1' })
  @IsHostToListenOn()
  HOST: string;

  @EnvironmentVariable({
    description:
      'Where clients reach the API, with the path of a proxy if it has one; by default `http://localhost:PORT`.',
    parse: baseUrl,
  })
  @IsBaseUrl('https://reelport.example.com')
  PUBLIC_URL?: string;

  @EnvironmentVariable({ description: 'PostgreSQL, as `postgresql://user:password@host:5432/database`.' })
  @IsDatabaseUrl()
  DATABASE_URL?: string;

  @EnvironmentVariable({
    description: 'Connections to PostgreSQL per process.',
    default: '10',
    parse: integer,
  })
  @IsWholeNumber(2, 1_000)
  DATABASE_POOL: number;

  @EnvironmentVariable({
    description:
      'How long one statement may take before its connection is given up, migrations aside; raise it with MAX_BATCH_VIDEOS.',
    default: '15s',
    parse: duration,
  })
  @IsDuration(1_000, 3_600_000)
  DATABASE_TIMEOUT_MS: number;

  @EnvironmentVariable({ description: 'Redis, as `redis://host:6379` or `unix:///path/to/redis.sock`.' })
  @IsRedisUrl()
  REDIS_URL?: string;

  @EnvironmentVariable({
    description: 'Prefix of all keys in Redis, for several installations on one Redis.',
    default: 'reelport',
  })
  @Matches(/^[\w:.-]+$/, { message: 'REDIS_PREFIX must be made of letters, digits and : . _ -' })
  REDIS_PREFIX: string;

  @EnvironmentVariable({
    description: 'Folder for downloads under way, local storage and the embedded services.',
    default: '.data',
  })
  @MinLength(1)
  DATA_DIR: string;

  @EnvironmentVariable({
    description: 'Where videos are stored: `local` (below DATA_DIR, one folder for all processes) or `s3`.',
    default: 'local',
  })
  @IsIn(['local', 's3'])
  STORAGE: 'local' | 's3';

  @EnvironmentVariable({ description: 'Bucket, where STORAGE is `s3`.' })
  @Matches(/^[\w.-]+$/, { message: 'S3_BUCKET must be the name of a bucket alone, such as videos' })
  S3_BUCKET?: string;

  @EnvironmentVariable({ description: 'Region of the bucket.', default: 'us-east-1' })
  @IsString()
  S3_REGION: string;

  @EnvironmentVariable({
    description: 'Endpoint of an S3-compatible service; by default that of AWS.',
    parse: baseUrl,
  })
  @IsBaseUrl('https://s3.example.com')
  S3_ENDPOINT?: string;

  @EnvironmentVariable({ description: 'Access key; by default the credential chain of the AWS SDK.' })
  @IsString()
  S3_ACCESS_KEY_ID?: string;

  @EnvironmentVariable({ description: 'Secret of the access key.', verbatim: true })
  @IsString()
  S3_SECRET_ACCESS_KEY?: string;

  @EnvironmentVariable({
    description: 'Put the bucket into the path instead of the host name.',
    default: 'false',
    parse: flag,
  })
  @IsFlag()
  S3_FORCE_PATH_STYLE: boolean;

  @EnvironmentVariable({ description: 'Folder inside the bucket.', default: '' })
  @IsString()
  S3_PREFIX: string;

  @EnvironmentVariable({
    description: 'Name of the service whose URL parameters `video.url` takes, as clients know it.',
    default: 'imgix',
  })
  @IsString()
  VIDEO_SERVICE: string;

  @EnvironmentVariable({
    description:
      'What stands before the storage key in `video.url` and `originalUrl`, for example a CDN; by default `PUBLIC_URL/media`.',
    parse: baseUrl,
  })
  @IsBaseUrl('https://cdn.example.com/videos')
  VIDEO_BASE_URL?: string;

  @EnvironmentVariable({
    description: 'Query that `video.url` carries; may be empty.',
    default: 'auto=format',
    emptyIsValue: true,
    parse: query,
  })
  @Matches(/^[^\s#]*$/, {
    message: 'VIDEO_URL_QUERY must be a query without # and spaces, such as auto=format',
  })
  VIDEO_URL_QUERY: string;

  @EnvironmentVariable({
    description:
      'Key that signs access tokens, at least 32 characters, the same in all processes; without DATABASE_URL, made once and kept below DATA_DIR.',
    verbatim: true,
  })
  @MinLength(32)
  TOKEN_SECRET?: string;

  @EnvironmentVariable({
    description:
      'Former values of TOKEN_SECRET whose tokens are still good, separated by commas: a key is replaced by moving it here.',
    default: '',
    parse: list,
  })
  @MinLength(32, { each: true })
  TOKEN_SECRETS_PREVIOUS: string[];

  @EnvironmentVariable({
    description:
      'JSON Web Key Set of an identity provider whose tokens are good here as well; wants TOKEN_ISSUER and TOKEN_AUDIENCE.',
  })
  @IsHttpUrl('https://login.example.com/keys')
  TOKEN_JWKS_URL?: string;

  @EnvironmentVariable({ description: 'The `iss` that tokens of the identity provider must have.' })
  @IsString()
  TOKEN_ISSUER?: string;

  @EnvironmentVariable({ description: 'The `aud` that tokens of the identity provider must have.' })
  @IsString()
  TOKEN_AUDIENCE?: string;

  @EnvironmentVariable({
    description: 'The claim of the identity provider that holds the name of the project.',
    default: 'project',
  })
  @IsString()
  TOKEN_PROJECT_CLAIM: string;

  @EnvironmentVariable({
    description: 'The claim of the identity provider that holds the scopes: a list, or a text with spaces.',
    default: 'scope',
  })
  @IsString()
  TOKEN_SCOPE_CLAIM: string;

  @EnvironmentVariable({
    description: 'Requests a minute from one address, health checks and media aside; 0 is no limit.',
    default: '12000',
    parse: integer,
  })
  @IsWholeNumber(0, 1_000_000_000)
  RATE_LIMIT_ADDRESS: number;

  @EnvironmentVariable({
    description: 'Requests a minute with one access token; 0 is no limit.',
    default: '6000',
    parse: integer,
  })
  @IsWholeNumber(0, 1_000_000_000)
  RATE_LIMIT_TOKEN: number;

  @EnvironmentVariable({
    description: 'Requests a minute from one address without a good access token; 0 is no limit.',
    default: '60',
    parse: integer,
  })
  @IsWholeNumber(0, 1_000_000_000)
  RATE_LIMIT_FAILED_AUTH: number;

  @EnvironmentVariable({
    description:
      'Proxies in front of the API, whose X-Forwarded-For is believed: addresses, networks (CIDR) or `loopback`, separated by commas.',
    default: '',
    parse: list,
  })
  @AreProxies()
  TRUST_PROXY: string[];

  @EnvironmentVariable({
    description:
      'Origins of web pages that may call the API, such as `https://cms.example.com`, separated by commas; none by default.',
    default: '',
    parse: list,
  })
  @Matches(ORIGIN, { each: true, message: 'CORS_ORIGINS must be origins: https://host, without a path' })
  CORS_ORIGINS: string[];

  @EnvironmentVariable({
    description:
      'Networks (CIDR), addresses and host names that may be reached although they are private, separated by commas.',
    default: '',
    parse: list,
  })
  @AreNetworksOrHosts()
  TRUSTED_NETWORKS: string[];

  @EnvironmentVariable({
    description: 'Ports of video and webhook URLs; inside TRUSTED_NETWORKS any port is allowed.',
    default: '80,443',
    parse: integers,
  })
  @IsNotEmptyList('80,443')
  @IsWholeNumber(1, 65_535, { each: true })
  OUTBOUND_PORTS: number[];

  @EnvironmentVariable({
    description: 'How long looking up and connecting to the host of a video or webhook may take.',
    default: '10s',
    parse: duration,
  })
  @IsDuration(100)
  OUTBOUND_CONNECT_MS: number;

  @EnvironmentVariable({
    description: 'How long the host of a video may take from the request to the end of its headers.',
    default: '30s',
    parse: duration,
  })
  @IsDuration(100)
  OUTBOUND_HEADERS_MS: number;

  @EnvironmentVariable({
    description: 'How long a download may stand still.',
    default: '30s',
    parse: duration,
  })
  @IsDuration(100)
  OUTBOUND_IDLE_MS: number;

  @EnvironmentVariable({
    description:
      'Bytes a second that a download must reach on average over each OUTBOUND_IDLE_MS; 0 takes any speed.',
    default: '8 KiB',
    parse: bytes,
  })
  @IsSize(0)
  OUTBOUND_MIN_BYTES_PER_SECOND: number;

  @EnvironmentVariable({
    description: 'How long one download may take altogether, redirects included.',
    default: '6h',
    parse: duration,
  })
  @IsDuration(1_000)
  OUTBOUND_TOTAL_MS: number;

  @EnvironmentVariable({
    description: 'Videos that one worker process imports at once.',
    default: '48',
    parse: integer,
  })
  @IsWholeNumber(1, 1_024)
  WORKER_CONCURRENCY: number;

  @EnvironmentVariable({
    description: 'Downloads from one origin host at once, over all workers together.',
    default: '16',
    parse: integer,
  })
  @IsWholeNumber(1, 10_000)
  HOST_CONCURRENCY: number;

  @EnvironmentVariable({
    description: 'Videos that may wait in Redis at once, over all imports together.',
    default: '32',
    parse: integer,
  })
  @IsWholeNumber(1, 100_000)
  DISPATCH_WINDOW: number;

  @EnvironmentVariable({
    description:
      'Processes that read the headers of videos, per worker process; up to two more while files are slow to read.',
    default: '1',
    formerName: 'PROBE_THREADS',
    parse: integer,
  })
  @IsWholeNumber(1, 64)
  PROBE_PROCESSES: number;

  @EnvironmentVariable({ description: 'Videos in one batch.', default: '10000', parse: integer })
  @IsWholeNumber(1, 1_000_000)
  MAX_BATCH_VIDEOS: number;

  @EnvironmentVariable({ description: 'Size of a request body.', default: '64 MiB', parse: bytes })
  @IsSize(1_024)
  MAX_BODY_BYTES: number;

  @EnvironmentVariable({ description: 'Size of one video.', default: '10 GiB', parse: bytes })
  @IsSize(1)
  MAX_VIDEO_BYTES: number;

  @EnvironmentVariable({
    description: 'Free disk space below which no further video is begun.',
    default: '1 GiB',
    parse: bytes,
  })
  @IsSize(0)
  MIN_FREE_BYTES: number;

  @EnvironmentVariable({
    description:
      'Waiting times before a video is tried again after a passing fault, separated by commas; jitter is added.',
    default: '2s,10s,30s,2m,6m',
    parse: durations,
  })
  @IsNotEmptyList('2s,10s,30s')
  @IsDuration(0, YEAR_MS, { each: true })
  RETRY_SCHEDULE: number[];

  @EnvironmentVariable({
    description:
      'Waiting times before a host that fails is tried again, separated by commas; the last one repeats, jitter is added.',
    default: '1s,2s,5s,15s,1m,5m',
    parse: durations,
  })
  @IsNotEmptyList('2s,10s,30s')
  @IsDuration(0, YEAR_MS, { each: true })
  HOST_RETRY_SCHEDULE: number[];

  @EnvironmentVariable({
    description: 'How long videos wait for a host that cannot be reached before they fail.',
    default: '24h',
    parse: duration,
  })
  @IsDuration(0, YEAR_MS)
  HOST_PATIENCE_MS: number;

  @EnvironmentVariable({
    description: 'How long a worker owns an item without a sign of life.',
    default: '30s',
    parse: duration,
  })
  @IsDuration(1_000)
  LEASE_MS: number;

  @EnvironmentVariable({
    description: 'Waiting times before each attempt of a webhook, separated by commas; jitter is added.',
    default: '0s,5s,5m,30m,2h,5h,10h,10h',
    parse: durations,
  })
  @IsNotEmptyList('2s,10s,30s')
  @IsDuration(0, YEAR_MS, { each: true })
  WEBHOOK_SCHEDULE: number[];

  @EnvironmentVariable({
    description: 'How long a webhook receiver may take to answer.',
    default: '15s',
    parse: duration,
  })
  @IsDuration(100)
  WEBHOOK_TIMEOUT_MS: number;

  @EnvironmentVariable({
    description: 'How long files that nobody refers to any more are kept before they are removed.',
    default: '24h',
    parse: duration,
  })
  @IsDuration(1_000, YEAR_MS)
  ORPHAN_GRACE_MS: number;

  @EnvironmentVariable({
    description: 'How long shutting down may take before work under way is aborted.',
    default: '10s',
    parse: duration,
  })
  @IsDuration(0)
  SHUTDOWN_GRACE_MS: number;

  @EnvironmentVariable({
    description:
      'How long a dispatch round, a commit or the event loop may hang before the process ends, so that its supervisor restarts it; 0 never ends it.',
    default: '1m',
    parse: duration,
  })
  @IsDuration(0)
  STALL_LIMIT_MS: number;

  @EnvironmentVariable({
    description:
      'Port of the worker for `/health/live`, `/health/ready` and `/metrics`, without authentication; none by default.',
    parse: integer,
  })
  @IsWholeNumber(0, 65_535)
  WORKER_PORT?: number;

  @EnvironmentVariable({
    description: 'Run pending database migrations at start.',
    default: 'true',
    parse: flag,
  })
  @IsFlag()
  RUN_MIGRATIONS: boolean;

  @EnvironmentVariable({
    description: 'Least severe log level: `error`, `warn`, `log`, `debug` or `verbose`.',
    default: 'log',
  })
  @IsIn(['error', 'warn', 'log', 'debug', 'verbose'])
  LOG_LEVEL: 'error' | 'warn' | 'log' | 'debug' | 'verbose';

  @EnvironmentVariable({ description: 'Log as JSON, one object a line.', default: 'false', parse: flag })
  @IsFlag()
  LOG_JSON: boolean;
}
