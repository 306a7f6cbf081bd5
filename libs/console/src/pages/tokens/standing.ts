import type { Token } from './tokens-data.js';

/** `ending`: replaced, and still valid for a while. */
export type Standing = 'active' | 'ending' | 'expired' | 'revoked';

/** @param now milliseconds since the epoch */
export function standingOf(
  { expiresAt, revokedAt }: Pick<Token, 'expiresAt' | 'revokedAt'>,
  now: number,
): Standing {
  if (revokedAt !== null && Date.parse(revokedAt) <= now) return 'revoked';
  if (expiresAt !== null && Date.parse(expiresAt) <= now) return 'expired';
  return revokedAt === null ? 'active' : 'ending';
}
