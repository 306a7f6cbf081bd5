import type { ResponseHeaders } from '#libs/outbound-http';
import type { SourceValidators } from '../video-import.js';

/** Which version of a file an answer is about. */
export interface SourceVersion extends SourceValidators {
  /** The validator that no other bytes of this file can have (RFC 9110, 8.8.1); null where the origin sends none. */
  strong: string | null;
}

/** A date is strong where the answer was made at least this much later (RFC 9110, 8.8.2.2). */
const STRONG_AFTER_MS = 1_000;
const STRONG_ETAG = /^"[\x21\x23-\x7e\x80-\xff]*"$/;

export function versionOf({ etag, date, 'last-modified': lastModified }: ResponseHeaders): SourceVersion {
  const version = { etag: etag ?? null, lastModified: lastModified ?? null };
  if (etag !== undefined && STRONG_ETAG.test(etag)) return { ...version, strong: etag };
  const age = Date.parse(date ?? '') - Date.parse(lastModified ?? '');
  return { ...version, strong: lastModified !== undefined && age >= STRONG_AFTER_MS ? lastModified : null };
}

/** Whether bytes of both may be combined: the strong validator is there again and nothing speaks against it. */
export function isSameVersion(held: SourceVersion, other: SourceVersion): boolean {
  const { strong } = held;
  if (strong === null || differ(held, other)) return false;
  return strong === held.etag ? other.etag === strong : other.lastModified === strong;
}

/** Whether both have a validator in common, weak ones included, and none that differs. */
export function isEquivalent(held: SourceVersion, other: SourceVersion): boolean {
  if (differ(held, other)) return false;
  const share = (name: keyof SourceValidators): boolean => held[name] !== null && other[name] !== null;
  return share('etag') || share('lastModified');
}

/** Whether a validator that both have says that they are not the same. */
export function differ(held: SourceValidators, other: SourceValidators): boolean {
  return isOther(opaque(held.etag), opaque(other.etag)) || isOther(held.lastModified, other.lastModified);
}

function isOther(held: string | null, other: string | null): boolean {
  return held !== null && other !== null && held !== other;
}

function opaque(etag: string | null): string | null {
  return etag?.replace(/^W\//, '') ?? null;
}
