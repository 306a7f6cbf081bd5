import type { ResponseHeaders } from '#libs/outbound-http';
import type { SourceValidators } from '../media-import.js';

/** The version of a file that a response describes. */
export interface SourceVersion extends SourceValidators {
  /** Strong validator, unique to these bytes (RFC 9110, 8.8.1); null if the origin sends none. */
  strong: string | null;
}

/** A date is strong if the response was created at least this much later (RFC 9110, 8.8.2.2). */
const STRONG_AFTER_MS = 1_000;
const STRONG_ETAG = /^"[\x21\x23-\x7e\x80-\xff]*"$/;

export function versionOf({ etag, date, 'last-modified': lastModified }: ResponseHeaders): SourceVersion {
  const version = { etag: etag ?? null, lastModified: lastModified ?? null };
  if (etag !== undefined && STRONG_ETAG.test(etag)) return { ...version, strong: etag };
  const age = Date.parse(date ?? '') - Date.parse(lastModified ?? '');
  return { ...version, strong: lastModified !== undefined && age >= STRONG_AFTER_MS ? lastModified : null };
}

/** Whether bytes of both may be combined: the strong validator matches and no other validator differs. */
export function isSameVersion(held: SourceVersion, other: SourceVersion): boolean {
  const { strong } = held;
  if (strong === null || differ(held, other)) return false;
  return strong === held.etag ? other.etag === strong : other.lastModified === strong;
}

/** Whether both share a validator, weak ones included, and none differs. */
export function isEquivalent(held: SourceVersion, other: SourceVersion): boolean {
  if (differ(held, other)) return false;
  const share = (name: keyof SourceValidators): boolean => held[name] !== null && other[name] !== null;
  return share('etag') || share('lastModified');
}

/** Whether a validator that both have differs. */
export function differ(held: SourceValidators, other: SourceValidators): boolean {
  return isOther(opaque(held.etag), opaque(other.etag)) || isOther(held.lastModified, other.lastModified);
}

function isOther(held: string | null, other: string | null): boolean {
  return held !== null && other !== null && held !== other;
}

function opaque(etag: string | null): string | null {
  return etag?.replace(/^W\//, '') ?? null;
}
