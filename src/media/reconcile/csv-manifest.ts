import { badRequest } from '../../http/api-error.js';
import { readRecord, type CsvField } from './csv-record.js';
import {
  entryOf,
  FIELD_FAULTS,
  MANIFEST_FIELDS,
  type EntryOrFault,
  type ManifestFault,
  type ManifestField,
} from './manifest-entry.js';
import { MAX_LINE, type Line } from './manifest-lines.js';

const DELIMITERS = [',', ';', '\t', '|'];

/** Accepted names of columns, compared without case, spaces, `-` and `_`. `bytes` is the name in reports. */
const NAMES: Readonly<Record<string, ManifestField>> = {
  externalid: 'externalId',
  sha256: 'sha256',
  size: 'size',
  bytes: 'size',
};

interface Header {
  delimiter: string;
  names: readonly string[];
  /** Position by field. */
  columns: ReadonlyMap<ManifestField, number>;
}

/** Reads the lines of a CSV manifest. */
export class CsvManifest {
  private header: Header | undefined;
  /** Lines of a record with an open quote. */
  private open: Line[] = [];
  private openCharacters = 0;

  /** Facts about the header line, as the response says them. */
  get facts(): { delimiter: string; columns: readonly ManifestField[]; ignoredColumns: readonly string[] } {
    const { delimiter, names, columns } = this.header ?? missingHeader();
    const ignoredColumns = names.filter((_, index) => ![...columns.values()].includes(index));
    return { delimiter, columns: MANIFEST_FIELDS.filter((field) => columns.has(field)), ignoredColumns };
  }

  /** @throws ApiError 400 for a header line without the column externalId */
  *read(line: Line): Generator<EntryOrFault> {
    if (this.header === undefined) {
      if (line.text.trim() !== '' || line.fault !== undefined) this.header = headerOf(line);
      return;
    }
    if (this.open.length === 0 && line.text === '' && line.fault === undefined) return;
    yield* this.add(this.header, line);
  }

  /** @throws ApiError 400 without a header line */
  *end(): Generator<EntryOrFault> {
    const header = this.header ?? missingHeader();
    while (this.open.length > 0) yield* this.giveUp(header);
  }

  private *add(header: Header, line: Line): Generator<EntryOrFault> {
    const isFirst = this.open.length === 0;
    if (line.fault !== undefined) {
      if (!isFirst) yield* this.giveUp(header);
      // Its lines were read again, and the last of them may be open.
      while (this.open.length > 0) yield* this.giveUp(header);
      yield faultAt(line.number, line.text.length, line.fault);
      return;
    }
    this.open.push(line);
    this.openCharacters += line.text.length + 1;
    // Escaped quotes come in pairs, so that a record is complete when their number is even.
    const isOdd = quotesOf(line.text) % 2 === 1;
    if (isFirst ? isOdd && mayContinue(line.text, header) : !isOdd) {
      if (this.openCharacters > MAX_LINE) yield* this.giveUp(header);
      return;
    }
    yield* this.complete(header);
  }

  private *complete(header: Header): Generator<EntryOrFault> {
    const lines = this.open;
    const [first] = lines;
    if (first === undefined) return;
    const record = lines.map(({ text }) => text).join('\n');
    const read = readRecord(record, header.delimiter);
    if ('fields' in read) {
      this.clear();
      yield entryOrFault(first.number, record, read.fields, header);
      return;
    }
    yield* this.giveUp(header);
  }

  /** The first line is at fault; the others are records of their own. */
  private *giveUp(header: Header): Generator<EntryOrFault> {
    const [first, ...others] = this.open;
    this.clear();
    if (first === undefined) return;
    yield faultOf(first, header);
    for (const line of others) {
      if (this.open.length > 0 || line.text !== '') yield* this.add(header, line);
    }
  }

  private clear(): void {
    this.open = [];
    this.openCharacters = 0;
  }
}

function headerOf({ number, text, fault }: Line): Header {
  if (fault !== undefined) throw badRequest({ body: `The header line is unreadable: ${fault}` });
  const delimiter = delimiterOf(text);
  const read = readRecord(text, delimiter);
  if (!('fields' in read))
    throw badRequest({ body: `The quotes of the header line ${number} are malformed` });
  const names = read.fields.map((field) => field.text.trim());
  const columns = new Map<ManifestField, number>();
  for (const [index, name] of names.entries()) {
    const field = NAMES[name.toLowerCase().replace(/[\s_-]/g, '')];
    if (field === undefined) continue;
    if (columns.has(field)) throw badRequest({ [field]: 'Must be the name of one column only' });
    columns.set(field, index);
  }
  if (!columns.has('externalId')) throw missingColumn();
  return { delimiter, names, columns };
}

function missingHeader(): never {
  throw missingColumn();
}

function missingColumn() {
  return badRequest({ externalId: 'Required: a column of this name in the header line' });
}

/** The delimiter that the header line contains most often outside of quotes. */
function delimiterOf(header: string): string {
  const plain = header.replace(/"(?:[^"]|"")*"/g, '');
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: plain.split(delimiter).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}

function quotesOf(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count += 1;
  return count;
}

/** Whether the line is the beginning of a record over several lines, rather than malformed. */
function mayContinue(text: string, { delimiter }: Header): boolean {
  return 'unclosedAt' in readRecord(text, delimiter);
}

function faultOf({ number, text }: Line, { delimiter }: Header): ManifestFault {
  const read = readRecord(text, delimiter);
  if ('unclosedAt' in read) {
    return faultAt(number, read.unclosedAt, `A quote must be closed within ${MAX_LINE} characters`);
  }
  if ('faultAt' in read) return faultAt(number, read.faultAt, read.sentence);
  return faultAt(number, 0, 'Must be a record of the CSV');
}

function faultAt(line: number, offset: number, sentence: string): ManifestFault {
  return { line, column: offset + 1, field: null, sentence };
}

function entryOrFault(
  number: number,
  record: string,
  fields: readonly CsvField[],
  { names, columns }: Header,
): EntryOrFault {
  if (fields.length !== names.length) {
    return faultAt(number, 0, `Must have ${names.length} fields, not ${fields.length}`);
  }
  const texts = { externalId: '', sha256: '', size: '' };
  for (const [field, index] of columns) {
    const { text, at } = fields[index] ?? { text: '', at: 0 };
    const value = field === 'externalId' ? text : text.trim();
    const sentence = FIELD_FAULTS[field](value);
    if (sentence !== undefined) {
      const before = record.slice(0, at);
      const line = number + before.split('\n').length - 1;
      return { line, column: at - before.lastIndexOf('\n'), field, sentence };
    }
    texts[field] = value;
  }
  return entryOf(number, texts);
}
