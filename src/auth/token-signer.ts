import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { jwtVerify, SignJWT, type JWTHeaderParameters } from 'jose';
import type { AccessToken } from './access-token.entity.js';
import { faultOf, TokenError } from './token-error.js';

const ISSUER = 'reelport';
/** Fixed, so that a token cannot choose how it is verified. */
const ALGORITHM = 'HS256';
/** Tolerated clock difference between machines, in seconds. */
const CLOCK_TOLERANCE_S = 5;

/** Signs and verifies access tokens, which are JWTs (RFC 7519). */
export class TokenSigner {
  /** Identifies the key without revealing it. */
  private readonly keyId: string;
  private readonly key: KeyObject;
  private readonly keys: ReadonlyMap<string, KeyObject>;

  /**
   * @param secret signs and verifies; at least 32 characters
   * @param previous previous secrets, which only verify
   */
  constructor(secret: string, previous: readonly string[] = []) {
    this.keyId = keyIdOf(secret);
    this.key = createSecretKey(Buffer.from(secret));
    this.keys = new Map([
      ...previous.map((former) => [keyIdOf(former), createSecretKey(Buffer.from(former))] as const),
      [this.keyId, this.key],
    ]);
  }

  /** Claims: `jti`, `sub` (the project), `scope` (RFC 8693, section 4.2), `iat`, `exp`, `iss`. */
  sign({ id, projectId, scopes, createdAt, expiresAt }: AccessToken): Promise<string> {
    const token = new SignJWT({ scope: scopes.join(' ') })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid: this.keyId })
      .setIssuer(ISSUER)
      .setSubject(String(projectId))
      .setJti(id)
      .setIssuedAt(createdAt);
    if (expiresAt !== null) token.setExpirationTime(expiresAt);
    return token.sign(this.key);
  }

  /** @returns the id of the token. @throws TokenError */
  async verify(token: string): Promise<string> {
    try {
      const { payload } = await jwtVerify(token, (header) => this.keyFor(header), {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['jti', 'sub', 'iat'],
      });
      if (payload.jti === undefined) throw new TokenError('malformed');
      return payload.jti;
    } catch (error) {
      const fault = faultOf(error);
      if (fault === undefined) throw error;
      // Only this service signs with these keys, so a wrong claim means that it is not an access token.
      throw new TokenError(['issuer', 'claims'].includes(fault) ? 'malformed' : fault);
    }
  }

  private keyFor({ kid }: JWTHeaderParameters): KeyObject {
    const key = kid === undefined ? this.key : this.keys.get(kid);
    if (key === undefined) throw new TokenError('signature');
    return key;
  }
}

/** Derived from the secret, so that all processes agree on the id of a key. */
function keyIdOf(secret: string): string {
  return createHash('sha256').update(`kid:${secret}`).digest('base64url').slice(0, 12);
}
