import { isIP } from 'node:net';
import { ValidateBy, type ValidationOptions } from 'class-validator';
import { ed25519Key } from './ed25519-key.js';
import { urlOf } from './parsers.js';

/** Timers in Node.js run at most 2^31 - 1 ms; a longer one fires at once. */
export const LONGEST_TIMER_MS = 24 * 86_400_000;
export const YEAR_MS = 365 * 86_400_000;
const LARGEST_SIZE = 2 ** 50;
const HOST_NAME =
  /^[\p{L}\p{N}_](?:[\p{L}\p{N}_-]*[\p{L}\p{N}_])?(?:\.[\p{L}\p{N}_](?:[\p{L}\p{N}_-]*[\p{L}\p{N}_])?)*\.?$/u;
const WIDTHS = { 4: 32, 6: 128 };

/** A rule whose message states the requirement: `NAME must be …`. */
function must(
  name: string,
  be: string,
  holds: (value: unknown) => boolean,
  options: ValidationOptions = {},
): PropertyDecorator {
  const message =
    options.each === true
      ? `$property must be a comma-separated list; each entry must be ${be}`
      : `$property must be ${be}`;
  return ValidateBy({ name, validator: { validate: holds } }, { message, ...options });
}

const isWhole = (value: unknown, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;

export function IsWholeNumber(least: number, most: number, options?: ValidationOptions): PropertyDecorator {
  const be = `an integer between ${least} and ${most}`;
  return must('isWholeNumber', be, (value) => isWhole(value, least, most), options);
}

/** Milliseconds, as parsed by `duration()`; by default at most the longest timer. */
export function IsDuration(
  least: number,
  most = LONGEST_TIMER_MS,
  options?: ValidationOptions,
): PropertyDecorator {
  const be = `a duration between ${durationText(least)} and ${durationText(most)}, such as 250ms, 30s, 15m, 2h or 1d`;
  return must('isDuration', be, (value) => isWhole(value, least, most), options);
}

/** Bytes, as parsed by `bytes()`. */
export function IsSize(least: number, most = LARGEST_SIZE, options?: ValidationOptions): PropertyDecorator {
  const be = `a size between ${sizeText(least)} and ${sizeText(most)}, such as 512 KiB, 64 MiB or 10 GiB; a plain number is in bytes`;
  return must('isSize', be, (value) => isWhole(value, least, most), options);
}

export function IsNotEmptyList(example: string): PropertyDecorator {
  const be = `a list of at least one value, such as ${example}`;
  return must('isNotEmptyList', be, (value) => Array.isArray(value) && value.length > 0);
}

export function IsFlag(): PropertyDecorator {
  return must('isFlag', 'true or false', (value) => typeof value === 'boolean');
}

/** A URL to which paths are appended. */
export function IsBaseUrl(example: string): PropertyDecorator {
  const be = `an http(s) URL without credentials, query or fragment, such as ${example}`;
  return must('isBaseUrl', be, (value) => {
    const url = httpUrl(value);
    return url !== undefined && url.search === '' && url.hash === '' && !String(value).endsWith('?');
  });
}

export function IsHttpUrl(example: string): PropertyDecorator {
  const be = `an http(s) URL without credentials or fragment, such as ${example}`;
  return must('isHttpUrl', be, (value) => httpUrl(value)?.hash === '');
}

export function IsDatabaseUrl(): PropertyDecorator {
  const be =
    'a URL such as postgresql://user:password@host:5432/database; percent-encode special characters in the password, such as # as %23';
  return must('isDatabaseUrl', be, (value) => isServiceUrl(value, /^postgres(?:ql)?:\/\//));
}

export function IsRedisUrl(): PropertyDecorator {
  const be = 'redis://user:password@host:6379, rediss://… (TLS) or unix:///path/to/redis.sock';
  return must(
    'isRedisUrl',
    be,
    (value) =>
      (typeof value === 'string' && /^(?:unix:\/\/)?\/[^/\s]/.test(value)) ||
      (isServiceUrl(value, /^rediss?:\/\//) && /^\/?\d*$/.test(new URL(String(value)).pathname)),
  );
}

export function IsHostToListenOn(): PropertyDecorator {
  const be = 'an address or a host name without scheme and port, such as 0.0.0.0 or localhost';
  return must('isHostToListenOn', be, isHost);
}

export function AreProxies(): PropertyDecorator {
  const be = 'an address, a network such as 10.0.0.0/8, loopback, linklocal or uniquelocal';
  const names = new Set<unknown>(['loopback', 'linklocal', 'uniquelocal']);
  return must('areProxies', be, (value) => names.has(value) || isNetwork(value), { each: true });
}

export function AreNetworksOrHosts(): PropertyDecorator {
  const be = 'a network such as 10.0.0.0/8, an address or a host name without port';
  return must('areNetworksOrHosts', be, (value) => isNetwork(value) || isHost(value), { each: true });
}

export function IsEd25519Key(): PropertyDecorator {
  const be =
    'a private Ed25519 key: a JSON Web Key, or PKCS #8 in PEM as written by openssl genpkey -algorithm ed25519';
  return must('isEd25519Key', be, (value) => typeof value === 'string' && ed25519Key(value) !== undefined);
}

/** An address, or a network in CIDR notation. */
function isNetwork(value: unknown): boolean {
  const [, address = '', bits] = /^([^/]+?)(?:\/(\d{1,3}))?$/.exec(String(value)) ?? [];
  const version = isIP(address);
  return (version === 4 || version === 6) && Number(bits ?? 0) <= WIDTHS[version];
}

function isHost(value: unknown): boolean {
  return (
    typeof value === 'string' && (isIP(value) !== 0 || (HOST_NAME.test(value) && !/^[\d.]+$/.test(value)))
  );
}

function httpUrl(value: unknown): URL | undefined {
  if (typeof value !== 'string' || !/^https?:\/\/[^/\s]/i.test(value)) return undefined;
  const url = urlOf(value);
  return url?.username === '' && url.password === '' ? url : undefined;
}

function isServiceUrl(value: unknown, scheme: RegExp): boolean {
  const url = typeof value === 'string' && scheme.test(value) && !/\s/.test(value) ? urlOf(value) : undefined;
  if (url === undefined) return false;
  const { username, password, host, pathname, search, hash } = url;
  try {
    // Database and Redis clients decode each of these.
    for (const part of [username, password, host, pathname]) decodeURIComponent(part);
    return hash === '' && host + pathname + search !== '';
  } catch {
    return false;
  }
}

function durationText(ms: number): string {
  const units: Array<[string, number]> = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ];
  const [unit, length] = units.find(([, length]) => ms > 0 && ms % length === 0) ?? ['ms', 1];
  return `${ms / length}${unit}`;
}

function sizeText(bytes: number): string {
  const power = Math.min(4, bytes === 0 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return bytes % 2 ** (10 * power) === 0 && power > 0
    ? `${bytes / 2 ** (10 * power)} ${['', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`
    : `${bytes} bytes`;
}
