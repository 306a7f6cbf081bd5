import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { AccessToken } from './access-token.entity.js';

const ISSUER = 'reelport';
/** Fixed, so that no token can choose how it is checked. */
const ALGORITHM = 'HS256';
const CLOCK_TOLERANCE_S = 5;

/** Why a token is not good. */
export type TokenFault = 'malformed' | 'signature' | 'expired';

export class TokenError extends Error {
  override readonly name = 'TokenError';

  constructor(readonly fault: TokenFault) {
    super(`The token is not good: ${fault}`);
  }
}

/** Makes and checks the JWTs (RFC 7519) that are access tokens. */
export class TokenSigner {
  private readonly key: KeyObject;
  /** Names the key without telling it, so that keys can be replaced one day. */
  private readonly keyId: string;

  /** @param secret at least 32 characters */
  constructor(secret: string) {
    this.key = createSecretKey(Buffer.from(secret));
    this.keyId = createHash('sha256').update(`kid:${secret}`).digest('base64url').slice(0, 12);
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
      const { payload } = await jwtVerify(token, this.key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['jti', 'sub', 'iat'],
      });
      if (payload.jti === undefined) throw new TokenError('malformed');
      return payload.jti;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new TokenError('expired');
      if (
        error instanceof errors.JWSSignatureVerificationFailed ||
        error instanceof errors.JOSEAlgNotAllowed
      ) {
        throw new TokenError('signature');
      }
      if (error instanceof errors.JOSEError) throw new TokenError('malformed');
      throw error;
    }
  }
}
