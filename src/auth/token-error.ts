import { errors } from 'jose';
import type { ApiError } from '../http/api-error.js';
import { invalidToken } from './bearer-challenge.js';

/** Why a token is not good -> what is said of it, which must not quote the token. */
const SENTENCES = {
  malformed: 'The access token is not one of ours',
  signature: 'The access token is not signed by us',
  expired: 'The access token has expired',
  early: 'The access token is not valid yet',
  revoked: 'The access token has been revoked',
  issuer: 'The access token is of another issuer',
  audience: 'The access token is for another audience',
  claims: 'The access token lacks a claim that is needed here',
  project: 'The access token is for a project that does not exist',
} as const;

export type TokenFault = keyof typeof SENTENCES;

/** A token is not good. */
export class TokenError extends Error {
  override readonly name = 'TokenError';

  constructor(readonly fault: TokenFault) {
    super(`The token is not good: ${fault}`);
  }

  /** The 401 that says so. */
  toApiError(): ApiError {
    return invalidToken(SENTENCES[this.fault]);
  }
}

const CLAIMS: Readonly<Record<string, TokenFault>> = { nbf: 'early', iss: 'issuer', aud: 'audience' };

/** What an error of jose says of the token; undefined for any other error. */
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
