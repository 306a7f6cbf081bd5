import { hash, randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { badRequest, conflict, forbidden, notFound } from '../http/api-error.js';
import { unknownCursor } from '../http/unknown-cursor.js';
import type { AccessToken } from './access-token.entity.js';
import { AccessTokensRepository, type TokensPage, type TokenStanding } from './access-tokens.repository.js';
import type { Caller } from './caller.js';
import { isScope, type Scope } from './scopes.js';
import { TokenCache } from './token-cache.js';
import { TokenError } from './token-error.js';
import { TokenSigner } from './token-signer.js';

export interface NewToken {
  projectId: number;
  name: string;
  scopes: readonly Scope[];
  /** Milliseconds. */
  expiresIn: number;
}

export interface Rotation {
  allowed?: readonly Scope[];
  overlapMs?: number;
}

export interface IssuedToken {
  /** Shown only once. */
  token: string;
  record: AccessToken;
}

const ENDED = 'The access token was already revoked or replaced';
const SIGNATURE_MS = 60_000;
const TOUCH_EVERY_MS = 60_000;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Issues, checks and revokes access tokens. */
@Injectable()
export class AccessTokensService {
  private readonly logger = new Logger(AccessTokensService.name);
  private readonly standings = new TokenCache<TokenStanding | null>();
  /** The content of a token does not change, but verifying its signature costs more than the rest of the guard. */
  private readonly ids = new TokenCache<string>({ freshMs: SIGNATURE_MS });
  private readonly touched = new TokenCache<true>({ freshMs: TOUCH_EVERY_MS });

  constructor(
    private readonly repository: AccessTokensRepository,
    private readonly signer: TokenSigner,
  ) {}

  /** @throws TokenError */
  async verify(token: string): Promise<Caller> {
    // Keyed by hash, so that the cache holds no secrets.
    const id = await this.ids.get(hash('sha256', token), () => this.signer.verify(token));
    const standing = await this.standings.get(id, () => this.repository.findStanding(id));
    if (standing === null || standing.revoked) throw new TokenError('revoked');
    if (standing.expiresAt !== null && standing.expiresAt.getTime() <= Date.now()) {
      throw new TokenError('expired');
    }
    this.touch(id);
    const { projectId, name, scopes } = standing;
    return { projectId, tokenId: id, name, scopes: scopes.filter(isScope) };
  }

  async issue({ projectId, name, scopes, expiresIn }: NewToken): Promise<IssuedToken> {
    const record = newRecord({ projectId, name, scopes: [...new Set(scopes)], expiresIn });
    await this.repository.insert(record);
    return { token: await this.signer.sign(record), record };
  }

  /** @throws ApiError 403 if the caller lacks one of the scopes */
  async issueFor(
    caller: Caller,
    { name, scopes, expiresIn }: Omit<NewToken, 'projectId'>,
  ): Promise<IssuedToken> {
    if (expiresIn <= 0) throw badRequest({ expiresIn: 'Must be greater than zero' });
    if (!scopes.every((scope) => caller.scopes.includes(scope))) throw forbidden();
    return this.issue({ projectId: caller.projectId, name, scopes, expiresIn });
  }

  /** Returns a page, newest first. @throws ApiError 400 if the cursor is not a token of the project */
  async page(projectId: number, { limit, after }: TokensPage): Promise<AccessToken[]> {
    if (after !== undefined && !UUID.test(after)) throw unknownCursor();
    const page = await this.repository.page(projectId, { limit, after });
    if (
      page.length === 0 &&
      after !== undefined &&
      (await this.repository.findOwn(projectId, after)) === null
    ) {
      throw unknownCursor();
    }
    return page;
  }

  /** Lists all tokens of a project without pages, for operators. */
  list(projectId: number): Promise<AccessToken[]> {
    return this.repository.list(projectId);
  }

  /** Lists the tokens of all projects with their projects; for operators, never for the API. */
  listAll(): Promise<AccessToken[]> {
    return this.repository.listAll();
  }

  /** Finds a token of any project; for operators, never for the API. @throws ApiError 404 */
  async find(id: string): Promise<AccessToken> {
    return known(UUID.test(id) ? await this.repository.find(id) : null);
  }

  /** @throws ApiError 404 if the project has no such token */
  async revoke(projectId: number, id: string): Promise<void> {
    await this.own(projectId, id);
    await this.repository.revoke(id);
    this.standings.forget(id);
  }

  /**
   * Replaces a token by one with the same name, scopes and lifetime.
   *
   * @param options.allowed scopes that may be granted; all by default
   * @param options.overlapMs milliseconds for which the old token stays valid; 0 by default
   * @throws ApiError 403, 404, 409
   */
  async rotate(
    projectId: number,
    id: string,
    { allowed, overlapMs = 0 }: Rotation = {},
  ): Promise<IssuedToken> {
    const old = await this.own(projectId, id);
    const scopes = old.scopes.filter(isScope);
    if (allowed !== undefined && !scopes.every((scope) => allowed.includes(scope))) throw forbidden();
    const expiresIn = old.expiresAt === null ? null : old.expiresAt.getTime() - old.createdAt.getTime();
    const record = newRecord({ projectId, name: old.name, scopes, expiresIn });
    if (!(await this.repository.replace(id, record, overlapMs))) throw conflict({ id: ENDED });
    this.standings.forget(id);
    return { token: await this.signer.sign(record), record };
  }

  /** @returns null if the project has no such token, as for callers of an identity provider */
  async findOwn(projectId: number, id: string): Promise<AccessToken | null> {
    return UUID.test(id) ? this.repository.findOwn(projectId, id) : null;
  }

  private async own(projectId: number, id: string): Promise<AccessToken> {
    return known(await this.findOwn(projectId, id));
  }

  /** At most once a minute and in the background: recording the use must neither delay a request nor fail it. */
  private touch(id: string): void {
    void this.touched
      .get(id, async () => {
        await this.repository.touch(id);
        return true;
      })
      .catch((error: unknown) =>
        this.logger.warn(`Recording the use of a token failed token=${id}: ${String(error)}`),
      );
  }
}

function known(record: AccessToken | null): AccessToken {
  if (record === null) throw notFound('No access token has this id');
  return record;
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
