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

/** Signatures with a key pair alone: a public key must never be taken for a shared secret (RFC 8725, section 3.1). */
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
/** What the clock of the provider may differ by. */
const CLOCK_TOLERANCE_S = 30;
const TIMEOUT_MS = 3_000;
const RETRY_AFTER_S = 5;
/** How long keys count: one that the provider takes back ends within this time. */
const KEYS_FRESH_MS = 600_000;
/** How soon the keys are asked for again when a token names one that is not among them. */
const COOLDOWN_MS = 30_000;
/** Unknown keys that are looked for at once in this time all the same: the provider may just have added them. */
const LOOKUPS_PER_COOLDOWN = 5;

type Settings = Pick<
  Environment,
  'TOKEN_JWKS_URL' | 'TOKEN_ISSUER' | 'TOKEN_AUDIENCE' | 'TOKEN_PROJECT_CLAIM' | 'TOKEN_SCOPE_CLAIM'
>;

/** What a token of the identity provider says. */
export interface Identity {
  /** Stands for the `sub` of the token, whatever that is made of. */
  id: string;
  /** Name of the project. */
  project: string;
  scopes: readonly Scope[];
  /** Milliseconds since the epoch, with what the clocks may differ by. */
  expiresAt: number;
}

/** Checks tokens of an identity provider of the operator's own choice, by its JSON Web Key Set (RFC 7517). */
export class IdentityProvider {
  private readonly keys: JWTVerifyGetKey | undefined;

  /** @param cooldownMs how soon the keys are asked for again when a token names an unknown one */
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

  /** Whether the token is to be checked here: by its algorithm, which is never one of ours. */
  isFor(token: string): boolean {
    if (this.keys === undefined) return false;
    try {
      return ALGORITHMS.includes(decodeProtectedHeader(token).alg ?? '');
    } catch {
      return false; // what is no JWT is refused by whoever checks ours
    }
  }

  /** @throws TokenError; ApiError 503 where the keys cannot be had: the token may be good, so that 401 would be wrong */
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
    // One without an end could never be taken back.
    const { sub, exp } = payload;
    if (typeof project !== 'string' || sub === undefined || exp === undefined) throw new TokenError('claims');
    return {
      id: `identity:${hash('sha256', `${project}\n${sub}`, 'base64url')}`,
      project,
      scopes: scopesOf(payload[this.settings.TOKEN_SCOPE_CLAIM]),
      expiresAt: (exp + CLOCK_TOLERANCE_S) * 1_000,
    };
  }
}

/** A list, or a text with spaces (RFC 8693, section 4.2); scopes of other services stand beside ours. */
function scopesOf(claim: unknown): Scope[] {
  const named: unknown[] = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return named.filter((scope) => typeof scope === 'string').filter(isScope);
}

/** An error that says nothing of the token says that the keys could not be had. */
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
        `The service cannot reach the identity provider at the moment; try again in ${RETRY_AFTER_S} seconds`,
        RETRY_AFTER_S,
        error,
      );
    }
  };
}
