import { createHash } from 'node:crypto';
import { canonicalJson, roundedCanonicalJson } from '../../http/canonical-json.js';
import { TimeSlices } from '../../http/time-slices.js';
import type { ImportMode } from '../import.entity.js';
import type { NewItem } from '../import-kind.js';

/** A request as received, with its entries apart, because there may be many. */
export interface SentRequest {
  /** Everything except the entries. */
  head: object;
  entries: readonly object[];
}

/** Prefix of the hash input, so that no fingerprint can equal one of an earlier release. */
const EDITION = 3;

/** SHA-256 of the request as received, independent of its interpretation. */
export function fingerprintOf(
  kind: string,
  { head, entries }: SentRequest,
  mode: ImportMode = 'run',
): Promise<Buffer> {
  return hashOf([EDITION, kind, head, ...(mode === 'plan' ? [mode] : [])], entries, canonicalJson);
}

/** Fingerprint of the previous release, in which numbers that round to the same double are equal. */
export function roundedFingerprintOf(kind: string, { head, entries }: SentRequest): Promise<Buffer> {
  return hashOf([kind, head], entries, roundedCanonicalJson);
}

/** Hashes entry by entry, in time slices. */
async function hashOf(
  head: unknown,
  entries: readonly object[],
  json: (value: unknown) => string,
): Promise<Buffer> {
  const slices = new TimeSlices();
  const hash = createHash('sha256').update(json(head));
  for (const entry of entries) {
    hash.update(`\n${json(entry)}`);
    if (slices.isOver) await slices.pause();
  }
  return hash.digest();
}

interface FormerRequest {
  kind: string;
  systemName: string;
  webhook: string | null;
  context: string | null;
  items: readonly NewItem[];
}

/** Fingerprint of the releases before that: a hash of the parsed request. */
export function formerFingerprintOf({ kind, systemName, webhook, context, items }: FormerRequest): Buffer {
  const formerContext = context === null ? null : JSON.stringify(JSON.parse(context));
  const hash = createHash('sha256').update(JSON.stringify([kind, systemName, webhook, formerContext]));
  for (const { exact: _, ...item } of items) hash.update(JSON.stringify(item));
  return hash.digest();
}
