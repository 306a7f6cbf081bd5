import { errors } from 'jose';
import type { ApiError } from '../http/api-error.js';
import { invalidToken } from './bearer-challenge.js';

/** Sentences by fault; they must not quote the token. */
const SENTENCES = {
  malformed: 'The access token was not issued by this service',
  signature: 'The signature of the access token is invalid',
  expired: 'The access token has expired',
  early: 'The access token is not valid yet',
  revoked: 'The access token has been revoked',
  issuer: 'The access token has the wrong issuer',
  audience: 'The access token has the wrong audience',
  claims: 'The access token lacks a required claim',
  project: 'The project of the access token does not exist',
} as const;

export type TokenFault = keyof typeof SENTENCES;

/** A token is invalid. */
export class TokenError extends Error {
  override readonly name = 'TokenError';

  constructor(readonly fault: TokenFault) {
    super(`The token is invalid: ${fault}`);
  }

  /** Returns the 401 for this fault. */
  toApiError(): ApiError {
    return invalidToken(SENTENCES[this.fault]);
  }
}

const CLAIMS: Readonly<Record<string, TokenFault>> = { nbf: 'early', iss: 'issuer', aud: 'audience' };

/** Maps an error of jose to a token fault; undefined for any other error. */
export function faultOf(error: unknown): TokenFault | undefined {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) return CLAIMS[error.claim] ?? 'claims';
  if (
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys
  ) {
    return 'signature';
  }
  return error instanceof errors.JOSEError ? 'malformed' : undefined;
}
