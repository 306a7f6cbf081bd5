/** Parsers for environment variables. Unparseable text is returned unchanged, so that validation reports it. */

export function integer(text: string): number | string {
  return /^-?\d+$/.test(text) ? Number(text) : text;
}

export function list(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

export function integers(text: string): Array<number | string> {
  return list(text).map(integer);
}

export function flag(text: string): boolean | string {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  return text;
}

const UNITS: Record<string, number> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** Parses `10 GiB`, `512MiB` or a plain number of bytes. */
export function bytes(text: string): number | string {
  const match = /^(\d+)\s*([KMGT]iB)?$/.exec(text);
  if (match === null) return text;
  return Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1);
}

const DURATIONS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses `30s`, `15 m`, `2h`, `90d` or a plain number of milliseconds into milliseconds. */
export function duration(text: string): number | string {
  const match = /^(\d+)\s*(ms|s|m|h|d)?$/.exec(text);
  if (match === null) return text;
  return Number(match[1]) * (DURATIONS[match[2] ?? 'ms'] ?? 1);
}

export function durations(text: string): Array<number | string> {
  return list(text).map(duration);
}

/** Normalizes an http(s) URL to which paths are appended, and removes trailing slashes. */
export function baseUrl(text: string): string {
  // Validation refuses anything else as it is; `URL` would hide an empty query or fragment.
  const url = /^https?:\/\/[^\s?#]+$/i.test(text) ? urlOf(text) : undefined;
  return url?.href.replace(/\/+$/, '') ?? text;
}

/** Removes the question mark of a query. */
export function query(text: string): string {
  return text.replace(/^\?/, '');
}

/** Parses a URL, or returns undefined. */
export function urlOf(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
