import { createHash } from 'node:crypto';
import { canonicalJson, roundedCanonicalJson } from '../../http/canonical-json.js';
import { TimeSlices } from '../../http/time-slices.js';
import type { NewItem } from '../import-kind.js';

/** A request as the client sent it: the entries apart, because there may be many. */
export interface SentRequest {
  /** Everything but the entries. */
  head: object;
  entries: readonly object[];
}

/** In front of what is hashed, so that no fingerprint of a former release can be the same. */
const EDITION = 3;

/** SHA-256 of what the client sent, whatever we make of it. */
export function fingerprintOf(kind: string, { head, entries }: SentRequest): Promise<Buffer> {
  return hashOf([EDITION, kind, head], entries, canonicalJson);
}

/** What the release before this one kept beside a key: of two numbers with the same double it saw one. */
export function roundedFingerprintOf(kind: string, { head, entries }: SentRequest): Promise<Buffer> {
  return hashOf([kind, head], entries, roundedCanonicalJson);
}

/** Made entry by entry, in slices of time. */
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

/** What releases before that kept beside a key: a hash of what they had made of the request. */
export function formerFingerprintOf({ kind, systemName, webhook, context, items }: FormerRequest): Buffer {
  const formerContext = context === null ? null : JSON.stringify(JSON.parse(context));
  const hash = createHash('sha256').update(JSON.stringify([kind, systemName, webhook, formerContext]));
  for (const { exact: _, ...item } of items) hash.update(JSON.stringify(item));
  return hash.digest();
}
