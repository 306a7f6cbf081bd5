import type { Mapping } from './mapping.js';
import { problem, type Fault, type Problem } from './fault.js';
import type { Row } from './row.js';

/** An entry of a batch of media. */
export interface Entry {
  readonly id: string;
  readonly url: string;
  readonly fileName: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Expected hash, 64 hexadecimal digits. */
  readonly sha256?: string;
  /** Expected size in bytes. */
  readonly size?: number;
}

const MAX_ID = 255;
const MAX_TITLE = 255;
const MAX_URL = 2_048;
const MAX_METADATA_BYTES = 65_536;

/** Makes an entry of a row and checks it by the rules of the server. */
export function toEntry(
  row: Row,
  mapping: Mapping,
  columns: readonly string[],
): { entry: Entry } | { faults: Fault[] } {
  const faults: Fault[] = [];
  const fault = (column: string, what: Problem): void => {
    const index = columns.indexOf(column);
    faults.push({ line: row.line, column: index < 0 ? undefined : index + 1, field: column, ...what });
  };
  const id = textOf(row.values[mapping.id]);
  const url = textOf(row.values[mapping.url]).trim();
  const idFault = lengthFault(id, MAX_ID);
  if (idFault !== undefined) fault(mapping.id, idFault);
  const urlFault = faultOfUrl(url);
  if (urlFault !== undefined) fault(mapping.url, urlFault);
  const given = mapping.title === null ? '' : textOf(row.values[mapping.title]);
  const fileName = given === '' && urlFault === undefined ? lastSegment(url) : given;
  const titleFault = urlFault === undefined ? lengthFault(fileName, MAX_TITLE, TITLE_FAULTS) : undefined;
  if (titleFault !== undefined) fault(mapping.title ?? mapping.url, titleFault);
  const sha256 = expected(row, mapping.sha256);
  if (mapping.sha256 != null && sha256 !== '' && !/^[0-9a-f]{64}$/i.test(sha256))
    fault(mapping.sha256, problem('sha256'));
  const size = expected(row, mapping.size);
  if (mapping.size != null && size !== '' && !isSize(size)) fault(mapping.size, problem('size'));
  const metadata = metadataOf(row, mapping);
  if (metadata === undefined) fault(mapping.wholeMetadata ?? 'metadata', problem('noMetadata'));
  else if (exceeds(JSON.stringify(metadata), MAX_METADATA_BYTES))
    faults.push({ line: row.line, ...problem('largeMetadata') });
  return faults.length > 0 || metadata === undefined
    ? { faults }
    : {
        entry: {
          id,
          url,
          fileName,
          metadata,
          ...(sha256 !== '' && { sha256: sha256.toLowerCase() }),
          ...(size !== '' && { size: Number(size) }),
        },
      };
}

/** The text of an optional column; an empty cell expects nothing. */
function expected(row: Row, column: string | null | undefined): string {
  return column == null ? '' : textOf(row.values[column]).trim();
}

function isSize(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) >= 1 && Number.isSafeInteger(Number(text));
}

/** Whether a text in UTF-8 has more bytes. A UTF-16 code unit has at most three. */
function exceeds(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && new TextEncoder().encode(text).byteLength > bytes;
}

function metadataOf(row: Row, { metadata, wholeMetadata }: Mapping): Record<string, unknown> | undefined {
  const whole = wholeMetadata === null ? {} : (row.values[wholeMetadata] ?? {});
  const object = typeof whole === 'string' && whole.trim().startsWith('{') ? parsed(whole) : whole;
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    return whole === '' ? rest(row, metadata) : undefined;
  }
  return { ...object, ...rest(row, metadata) };
}

/** Empty cells are no metadata. */
function rest(row: Row, metadata: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([field, column]) => {
      const value = row.values[column];
      return value === undefined || value === '' || value === null ? [] : [[field, value]];
    }),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
}

const TEXT_FAULTS = { empty: 'empty', nul: 'nul', long: 'long' } as const;
const TITLE_FAULTS = { empty: 'titleEmpty', nul: 'titleNul', long: 'titleLong' } as const;

function lengthFault(
  text: string,
  max: number,
  codes: typeof TEXT_FAULTS | typeof TITLE_FAULTS = TEXT_FAULTS,
): Problem | undefined {
  if (text === '') return problem(codes.empty);
  if (text.includes('\0')) return problem(codes.nul);
  const { length } = Array.from(text);
  return length > max ? problem(codes.long, max, length) : undefined;
}

function faultOfUrl(text: string): Problem | undefined {
  const length = lengthFault(text, MAX_URL);
  if (length !== undefined) return length;
  if (!/^https?:\/\//i.test(text)) return problem('scheme');
  if (/\p{Cc}/u.test(text)) return problem('control');
  const url = urlOf(text);
  if (url === undefined) return problem('incomplete');
  return url.username !== '' || url.password !== '' ? problem('credentials') : undefined;
}

function urlOf(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function lastSegment(url: string): string {
  const { pathname, hostname } = new URL(url);
  const segment = pathname.split('/').findLast((part) => part !== '') ?? hostname;
  try {
    return shortened(decodeURIComponent(segment));
  } catch {
    return shortened(segment);
  }
}

/** Characters are code points, as the server counts them. */
function shortened(title: string): string {
  return Array.from(title).slice(0, MAX_TITLE).join('');
}
