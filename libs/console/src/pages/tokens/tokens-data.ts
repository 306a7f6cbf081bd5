import type { components } from '#libs/client';
import { ask, tell } from '../../api/ask.js';

export type Token = components['schemas']['AccessTokenDto'];
export type IssuedToken = components['schemas']['IssuedTokenDto'];

type KnownScope = components['schemas']['NewAccessTokenDto']['scopes'][number];

export interface NewToken {
  name: string;
  /** Those of extensions, too. */
  scopes: readonly string[];
  /** `90d`. */
  expiresIn: string;
}

const PAGE_SIZE = 50;

/** @param after cursor of the previous page; empty for the first one */
export function loadTokens(after: string, signal: AbortSignal) {
  const query = { limit: PAGE_SIZE, ...(after !== '' && { after }) };
  return ask((api) => api.GET('/api/v1/auth/tokens', { params: { query }, signal }));
}

/** @throws Trouble */
export function makeToken({ scopes, ...more }: NewToken): Promise<IssuedToken> {
  const body = { ...more, scopes: scopes.filter(isScope) };
  return ask((api) => api.POST('/api/v1/auth/tokens', { body }));
}

/** @param overlap how long the old token stays valid: `1h` @throws Trouble */
export function rotateToken(id: string, overlap: string): Promise<IssuedToken> {
  const params = { path: { id }, query: { overlap } };
  return ask((api) => api.POST('/api/v1/auth/tokens/{id}/rotate', { params }));
}

/** @throws Trouble */
export function revokeToken(id: string): Promise<void> {
  return tell((api) => api.DELETE('/api/v1/auth/tokens/{id}', { params: { path: { id } } }));
}

/** The schema knows the scopes of Reelport itself only. */
function isScope(text: string): text is KnownScope {
  return text !== '';
}
