import { hash } from 'node:crypto';
import {
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import type { Environment } from '../config/environment.js';
import { ApiError, serviceUnavailable } from '../http/api-error.js';
import { isScope, type Scope } from './scopes.js';
import { NewKeys } from './new-keys.js';
import { faultOf, TokenError } from './token-error.js';

/** Asymmetric algorithms only: a public key must never be taken for a shared secret (RFC 8725, section 3.1). */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** Tolerated clock difference to the provider, in seconds. */
const CLOCK_TOLERANCE_S = 30;
const TIMEOUT_MS = 3_000;
const RETRY_AFTER_S = 5;
/** How long keys are cached: a key that the provider removes expires within this time. */
const KEYS_FRESH_MS = 600_000;
/** Interval before the keys are fetched again for a token with an unknown key. */
const COOLDOWN_MS = 30_000;
/** Unknown keys that are looked up at once within this interval, because the provider may just have added them. */
const LOOKUPS_PER_COOLDOWN = 5;

/** Longest name of a caller, in UTF-16 units; that of an access token is shorter. */
const MAX_NAME = 255;

type Settings = Pick<
  Environment,
  'TOKEN_JWKS_URL' | 'TOKEN_ISSUER' | 'TOKEN_AUDIENCE' | 'TOKEN_PROJECT_CLAIM' | 'TOKEN_SCOPE_CLAIM'
>;

/** Claims of a token of the identity provider. */
export interface Identity {
  /** Derived from the `sub` of the token, which may have any form. */
  id: string;
  /** What people call it: `preferred_username`, else `client_id`, else `sub`. */
  name: string;
  /** Name of the project. */
  project: string;
  scopes: readonly Scope[];
  /** Milliseconds since the epoch, including the clock tolerance. */
  expiresAt: number;
}

/** Verifies tokens of the operator's identity provider by its JSON Web Key Set (RFC 7517). */
export class IdentityProvider {
  private readonly keys: JWTVerifyGetKey | undefined;

  /** @param cooldownMs milliseconds before the keys are fetched again for a token with an unknown key */
  constructor(
    private readonly settings: Settings,
    cooldownMs = COOLDOWN_MS,
  ) {
    if (settings.TOKEN_JWKS_URL === undefined) return;
    const known = createRemoteJWKSet(new URL(settings.TOKEN_JWKS_URL), {
      timeoutDuration: TIMEOUT_MS,
      cacheMaxAge: KEYS_FRESH_MS,
      cooldownDuration: cooldownMs,
    });
    this.keys = new NewKeys(known, { windowMs: cooldownMs, lookups: LOOKUPS_PER_COOLDOWN }).find;
  }

  /** Whether the provider issued the token, judged by its algorithm, which Reelport's own tokens never use. */
  isFor(token: string): boolean {
    if (this.keys === undefined) return false;
    try {
      return ALGORITHMS.includes(decodeProtectedHeader(token).alg ?? '');
    } catch {
      return false; // not a JWT: the check of Reelport's own tokens refuses it
    }
  }

  /** @throws TokenError; ApiError 503 if the keys are unavailable: the token may be valid, so 401 would be wrong */
  async verify(token: string): Promise<Identity> {
    const { TOKEN_ISSUER: issuer, TOKEN_AUDIENCE: audience } = this.settings;
    const { keys } = this;
    if (keys === undefined || issuer === undefined || audience === undefined) {
      throw new TokenError('signature');
    }
    try {
      const { payload } = await jwtVerify(token, orUnavailable(keys), {
        algorithms: ALGORITHMS,
        issuer,
        audience,
        clockTolerance: CLOCK_TOLERANCE_S,
      });
      return this.read(payload);
    } catch (error) {
      const fault = faultOf(error);
      throw fault === undefined ? error : new TokenError(fault);
    }
  }

  private read(payload: JWTPayload): Identity {
    const project = payload[this.settings.TOKEN_PROJECT_CLAIM];
    // A token without expiry could never be revoked.
    const { sub, exp } = payload;
    if (typeof project !== 'string' || sub === undefined || exp === undefined) throw new TokenError('claims');
    return {
      id: `identity:${hash('sha256', `${project}\n${sub}`, 'base64url')}`,
      name: nameIn(payload, sub),
      project,
      scopes: scopesOf(payload[this.settings.TOKEN_SCOPE_CLAIM]),
      expiresAt: (exp + CLOCK_TOLERANCE_S) * 1_000,
    };
  }
}

/** OpenID Connect Core, section 5.1; RFC 9068, section 2.2. Cut, and without what PostgreSQL does not store. */
function nameIn({ preferred_username: user, client_id: client }: JWTPayload, sub: string): string {
  const [name = sub] = [user, client].filter((claim) => typeof claim === 'string' && claim !== '');
  return String(name).slice(0, MAX_NAME).toWellFormed().replaceAll('\0', '');
}

/** The claim is a list or a space-separated text (RFC 8693, section 4.2) and may include scopes of other services. */
function scopesOf(claim: unknown): Scope[] {
  const named: unknown[] = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return named.filter((scope) => typeof scope === 'string').filter(isScope);
}

/** Errors that do not concern the token mean that the keys are unavailable. */
function orUnavailable(keys: JWTVerifyGetKey): JWTVerifyGetKey {
  return async (...asked) => {
    try {
      return await keys(...asked);
    } catch (error) {
      if (
        error instanceof ApiError ||
        error instanceof errors.JWKSNoMatchingKey ||
        error instanceof errors.JWKSMultipleMatchingKeys ||
        error instanceof errors.JOSENotSupported
      ) {
        throw error;
      }
      throw serviceUnavailable(
        `The identity provider is unavailable; retry in ${RETRY_AFTER_S} seconds`,
        RETRY_AFTER_S,
        error,
      );
    }
  };
}
