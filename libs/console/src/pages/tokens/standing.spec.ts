import { expect, it } from 'vitest';
import { standingOf } from './standing.js';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const EARLIER = '2026-11-28T11:59:59Z';
const LATER = '2026-11-28T12:00:01Z';

it.each([
  [{ expiresAt: LATER, revokedAt: null }, 'active'],
  [{ expiresAt: null, revokedAt: null }, 'active'],
  [{ expiresAt: EARLIER, revokedAt: null }, 'expired'],
  [{ expiresAt: LATER, revokedAt: EARLIER }, 'revoked'],
  [{ expiresAt: EARLIER, revokedAt: EARLIER }, 'revoked'],
  [{ expiresAt: LATER, revokedAt: LATER }, 'ending'],
  [{ expiresAt: EARLIER, revokedAt: LATER }, 'expired'],
] as const)('says of %o that it is %s', (token, standing) => {
  expect(standingOf(token, NOW)).toBe(standing);
});
