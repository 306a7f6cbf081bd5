import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { badRequest, conflict, forbidden, notFound, unauthorized } from '../http/api-error.js';
import type { AccessToken } from './access-token.entity.js';
import { AccessTokensRepository } from './access-tokens.repository.js';
import type { Caller } from './caller.js';
import { isScope, type Scope } from './scopes.js';
import { TokenCache } from './token-cache.js';
import { TokenError, TokenSigner, type TokenFault } from './token-signer.js';

export interface NewToken {
  projectId: number;
  name: string;
  scopes: readonly Scope[];
  /** Milliseconds. */
  expiresIn: number;
}

export interface IssuedToken {
  /** Shown this once. */
  token: string;
  record: AccessToken;
}

const SENTENCES: Record<TokenFault, string> = {
  malformed: 'The access token is not one of ours',
  signature: 'The access token is not signed by us',
  expired: 'The access token has expired',
};
const REVOKED = 'The access token has been revoked';
const TOUCH_EVERY_MS = 60_000;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Issues, checks and revokes access tokens. */
@Injectable()
export class AccessTokensService {
  private readonly logger = new Logger(AccessTokensService.name);
  private readonly cache = new TokenCache<AccessToken | null>();
  private readonly touched = new TokenCache<true>({ freshMs: TOUCH_EVERY_MS });

  constructor(
    private readonly repository: AccessTokensRepository,
    private readonly signer: TokenSigner,
  ) {}

  /** @throws ApiError 401, with a sentence of its own for each fault */
  async verify(token: string): Promise<Caller> {
    const id = await this.idOf(token);
    const record = await this.cache.get(id, () => this.repository.find(id));
    if (record === null || record.revokedAt !== null) throw unauthorized(REVOKED);
    if (record.expiresAt !== null && record.expiresAt.getTime() <= Date.now())
      throw unauthorized(SENTENCES.expired);
    this.touch(id);
    return { projectId: record.projectId, tokenId: id, scopes: record.scopes.filter(isScope) };
  }

  async issue({ projectId, name, scopes, expiresIn }: NewToken): Promise<IssuedToken> {
    const record = newRecord({ projectId, name, scopes: [...new Set(scopes)], expiresIn });
    await this.repository.insert(record);
    return { token: await this.signer.sign(record), record };
  }

  /** @throws ApiError 403 where the caller would hand out what it has not */
  async issueFor(
    caller: Caller,
    { name, scopes, expiresIn }: Omit<NewToken, 'projectId'>,
  ): Promise<IssuedToken> {
    if (expiresIn <= 0) throw badRequest({ expiresIn: 'This must be longer than nothing' });
    if (!scopes.every((scope) => caller.scopes.includes(scope))) throw forbidden();
    return this.issue({ projectId: caller.projectId, name, scopes, expiresIn });
  }

  list(projectId: number): Promise<AccessToken[]> {
    return this.repository.list(projectId);
  }

  /** @throws ApiError 404 where the project has no such token */
  async revoke(projectId: number, id: string): Promise<void> {
    await this.own(projectId, id);
    await this.repository.revoke(id);
    this.cache.forget(id);
  }

  /** The same name, scopes and lifetime under a new token; the old one ends. @throws ApiError 404, 409 */
  async rotate(projectId: number, id: string, allowed?: readonly Scope[]): Promise<IssuedToken> {
    const old = await this.own(projectId, id);
    if (old.revokedAt !== null) throw conflict({ id: 'The access token has been revoked' });
    const scopes = old.scopes.filter(isScope);
    if (allowed !== undefined && !scopes.every((scope) => allowed.includes(scope))) throw forbidden();
    const expiresIn = old.expiresAt === null ? null : old.expiresAt.getTime() - old.createdAt.getTime();
    const record = newRecord({ projectId, name: old.name, scopes, expiresIn });
    await this.repository.replace(id, record);
    this.cache.forget(id);
    return { token: await this.signer.sign(record), record };
  }

  private async own(projectId: number, id: string): Promise<AccessToken> {
    const record = UUID.test(id) ? await this.repository.findOwn(projectId, id) : null;
    if (record === null) throw notFound('No access token has this id');
    return record;
  }

  private async idOf(token: string): Promise<string> {
    try {
      return await this.signer.verify(token);
    } catch (error) {
      if (error instanceof TokenError) throw unauthorized(SENTENCES[error.fault]);
      throw error;
    }
  }

  /** Once a minute, beside the request: being used must neither slow a request down nor make it fail. */
  private touch(id: string): void {
    void this.touched
      .get(id, async () => {
        await this.repository.touch(id);
        return true;
      })
      .catch((error: unknown) => this.logger.warn(`The use of a token was not noted: ${String(error)}`));
  }
}

function newRecord({
  projectId,
  name,
  scopes,
  expiresIn,
}: Omit<NewToken, 'expiresIn'> & { expiresIn: number | null }): AccessToken {
  const createdAt = new Date();
  const expiresAt = expiresIn === null ? null : new Date(createdAt.getTime() + expiresIn);
  return {
    id: randomUUID(),
    projectId,
    name,
    scopes: [...scopes],
    createdAt,
    expiresAt,
    revokedAt: null,
    lastUsedAt: null,
  };
}
