import { createHash } from 'node:crypto';
import { canonicalJson } from '../../http/canonical-json.js';
import { TimeSlices } from '../../http/time-slices.js';
import type { NewItem } from '../import-kind.js';

/** A request as the client sent it: the entries apart, because there may be many. */
export interface SentRequest {
  /** Everything but the entries. */
  head: object;
  entries: readonly object[];
}

/** SHA-256 of what the client sent, whatever we make of it; made entry by entry, in slices of time. */
export async function fingerprintOf(kind: string, { head, entries }: SentRequest): Promise<Buffer> {
  const slices = new TimeSlices();
  const hash = createHash('sha256').update(canonicalJson([kind, head]));
  for (const entry of entries) {
    hash.update(`\n${canonicalJson(entry)}`);
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

/** What releases before this one kept beside a key: a hash of what they had made of the request. */
export function formerFingerprintOf({ kind, systemName, webhook, context, items }: FormerRequest): Buffer {
  const hash = createHash('sha256').update(JSON.stringify([kind, systemName, webhook, context]));
  for (const item of items) hash.update(JSON.stringify(item));
  return hash.digest();
}
