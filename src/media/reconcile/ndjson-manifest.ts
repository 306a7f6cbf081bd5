import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import { findJsonFault } from '../../http/json-fault.js';
import { isPlainObject } from '../../http/plain-object.js';
import {
  entryOf,
  FIELD_FAULTS,
  MANIFEST_FIELDS,
  type EntryOrFault,
  type ManifestFault,
  type ManifestField,
} from './manifest-entry.js';
import type { Line } from './manifest-lines.js';

/** Reads the lines of a manifest with one JSON object per line. */
export class NdjsonManifest {
  private readonly seen = new Set<ManifestField>();

  get facts(): { columns: readonly ManifestField[] } {
    return { columns: MANIFEST_FIELDS.filter((field) => this.seen.has(field)) };
  }

  *read({ number, text, fault }: Line): Generator<EntryOrFault> {
    if (fault !== undefined) yield faultAt(number, text.length, fault);
    else if (text.trim() !== '') yield this.entryOrFault(number, text);
  }

  *end(): Generator<EntryOrFault> {
    // Every line is complete.
  }

  private entryOrFault(number: number, text: string): EntryOrFault {
    const value = parsed(text);
    if (value === undefined) {
      const { offset, sentence } = findJsonFault(text);
      return faultAt(number, offset, sentence);
    }
    if (!isPlainObject(value)) return faultAt(number, 0, 'Must be a JSON object');
    const texts = { externalId: '', sha256: '', size: '' };
    for (const field of MANIFEST_FIELDS) {
      const given = Object.hasOwn(value, field) ? value[field] : null;
      if (given !== null) this.seen.add(field);
      const read = textOf(field, given);
      const sentence = read === undefined ? wrongType(field) : FIELD_FAULTS[field](read);
      if (sentence !== undefined) {
        return { line: number, column: columnOf(text, field), field, sentence };
      }
      texts[field] = read ?? '';
    }
    return entryOf(number, texts);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(field: ManifestField, value: unknown): string | undefined {
  if (value === null) return '';
  if (field === 'size') return typeof value === 'number' ? String(value) : undefined;
  return typeof value === 'string' ? value : undefined;
}

function wrongType(field: ManifestField): string {
  return field === 'size' ? 'Must be a number' : 'Must be a string';
}

/** Where the value of a field begins. */
function columnOf(text: string, field: ManifestField): number {
  try {
    const tree = parseTree(text);
    const offset = tree && findNodeAtLocation(tree, [field])?.offset;
    return (offset ?? text.search(/\S/)) + 1;
  } catch {
    // Deep nesting exhausts the stack of the parser.
    return 1;
  }
}

function faultAt(line: number, offset: number, sentence: string): ManifestFault {
  return { line, column: offset + 1, field: null, sentence };
}
