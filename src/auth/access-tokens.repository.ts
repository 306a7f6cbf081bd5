import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository } from 'typeorm';
import { newestFirst } from '../database/newest-first.js';
import { AccessToken } from './access-token.entity.js';

/** The facts that decide whether a token is valid. A foreign key guarantees that its project exists. */
export interface TokenStanding {
  projectId: number;
  name: string;
  scopes: string[];
  expiresAt: Date | null;
  /** By the clock of the database, so that revocation is independent of process clocks. */
  revoked: boolean;
}

export interface TokensPage {
  limit: number;
  /** Id of the last token of the previous page. */
  after?: string | undefined;
}

@Injectable()
export class AccessTokensRepository {
  constructor(@InjectRepository(AccessToken) private readonly tokens: Repository<AccessToken>) {}

  async insert(token: AccessToken, tx: EntityManager = this.tokens.manager): Promise<void> {
    await tx.insert(AccessToken, token);
  }

  find(id: string): Promise<AccessToken | null> {
    return this.tokens.findOneBy({ id });
  }

  async findStanding(id: string): Promise<TokenStanding | null> {
    const rows = await this.tokens.query<TokenStanding[]>(
      `SELECT project_id AS "projectId", name, scopes, expires_at AS "expiresAt",
              coalesce(revoked_at <= now(), false) AS revoked
       FROM access_tokens WHERE id = $1`,
      [id],
    );
    return rows[0] ?? null;
  }

  findOwn(projectId: number, id: string): Promise<AccessToken | null> {
    return this.tokens.findOneBy({ projectId, id });
  }

  /** Newest first. */
  page(projectId: number, { limit, after }: TokensPage): Promise<AccessToken[]> {
    return newestFirst(this.tokens.createQueryBuilder('token'), { projectId, limit, after }).getMany();
  }

  /** Newest first. */
  list(projectId: number): Promise<AccessToken[]> {
    return this.tokens.find({ where: { projectId }, order: { createdAt: 'DESC', id: 'DESC' } });
  }

  /** All projects, newest first, with their projects. */
  listAll(): Promise<AccessToken[]> {
    return this.tokens.find({ relations: { project: true }, order: { createdAt: 'DESC', id: 'DESC' } });
  }

  /** Takes effect at once, even if the token was going to end later. */
  async revoke(id: string): Promise<void> {
    await this.tokens.query(
      'UPDATE access_tokens SET revoked_at = now() WHERE id = $1 AND (revoked_at IS NULL OR revoked_at > now())',
      [id],
    );
  }

  /**
   * Replaces a token by a new one, atomically.
   *
   * @param overlapMs milliseconds for which the old token stays valid
   * @returns false if the old token is already revoked or replaced: of two concurrent calls one succeeds
   */
  replace(oldId: string, token: AccessToken, overlapMs: number): Promise<boolean> {
    return this.tokens.manager.transaction(async (tx) => {
      const [, changed] = await tx.query<[unknown[], number]>(
        `UPDATE access_tokens SET revoked_at = now() + $2 * interval '1 millisecond'
         WHERE id = $1 AND revoked_at IS NULL`,
        [oldId, overlapMs],
      );
      if (changed === 0) return false;
      await this.insert(token, tx);
      return true;
    });
  }

  /** Records the time of use, accurate to the minute, across all processes. */
  async touch(id: string): Promise<void> {
    await this.tokens.query(
      `UPDATE access_tokens SET last_used_at = now()
       WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
      [id],
    );
  }
}
