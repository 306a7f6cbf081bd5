import { hasAtMost, storableFault } from '../../http/validators/characters.js';

/** An entry of a manifest. */
export interface ManifestEntry {
  /** Line on which it begins, from 1. */
  line: number;
  externalId: string;
  /** Lower-case hex; null if the manifest does not say. */
  sha256: string | null;
  /** Bytes; null if the manifest does not say. */
  size: number | null;
}

/** A line of a manifest that cannot be read. */
export interface ManifestFault {
  line: number;
  /** Character of the line at which the fault begins, from 1; null if the line as a whole is at fault. */
  column: number | null;
  /** Name of the field; null if the fault is not in a field. */
  field: ManifestField | null;
  sentence: string;
}

export const MANIFEST_FIELDS = ['externalId', 'sha256', 'size'] as const;

export type ManifestField = (typeof MANIFEST_FIELDS)[number];

export type EntryOrFault = ManifestEntry | ManifestFault;

const MAX_EXTERNAL_ID = 255;
const SHA256 = /^[0-9a-f]{64}$/i;
const SIZE = /^\d{1,15}$/;

/** Sentences about the values of a field; undefined if the value is valid. An empty hash or size counts as absent. */
export const FIELD_FAULTS: Readonly<Record<ManifestField, (text: string) => string | undefined>> = {
  externalId: (text) => {
    if (text === '' || !hasAtMost(text, MAX_EXTERNAL_ID))
      return `Must be a string of 1 to ${MAX_EXTERNAL_ID} characters`;
    return storableFault(text);
  },
  sha256: (text) => (text === '' || SHA256.test(text) ? undefined : 'Must be 64 hexadecimal digits'),
  size: (text) => (text === '' || SIZE.test(text) ? undefined : 'Must be a number of bytes, in digits'),
};

/** Makes an entry of valid texts. */
export function entryOf(
  line: number,
  { externalId, sha256, size }: Readonly<Record<ManifestField, string>>,
): ManifestEntry {
  return {
    line,
    externalId,
    sha256: sha256 === '' ? null : sha256.toLowerCase(),
    size: size === '' ? null : Number(size),
  };
}

export function isFault(read: EntryOrFault): read is ManifestFault {
  return 'sentence' in read;
}
