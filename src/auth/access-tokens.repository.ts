import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type EntityManager, Repository } from 'typeorm';
import { AccessToken } from './access-token.entity.js';

@Injectable()
export class AccessTokensRepository {
  constructor(@InjectRepository(AccessToken) private readonly tokens: Repository<AccessToken>) {}

  async insert(token: AccessToken, tx: EntityManager = this.tokens.manager): Promise<void> {
    await tx.insert(AccessToken, token);
  }

  find(id: string): Promise<AccessToken | null> {
    return this.tokens.findOneBy({ id });
  }

  findOwn(projectId: number, id: string): Promise<AccessToken | null> {
    return this.tokens.findOneBy({ projectId, id });
  }

  /** Newest first. */
  list(projectId: number): Promise<AccessToken[]> {
    return this.tokens.find({ where: { projectId }, order: { createdAt: 'DESC', id: 'ASC' } });
  }

  async revoke(id: string, tx: EntityManager = this.tokens.manager): Promise<void> {
    await tx.update(AccessToken, { id, revokedAt: IsNull() }, { revokedAt: () => 'now()' });
  }

  /** A new token for an old one, both or neither. */
  async replace(oldId: string, token: AccessToken): Promise<void> {
    await this.tokens.manager.transaction(async (tx) => {
      await this.revoke(oldId, tx);
      await this.insert(token, tx);
    });
  }

  async touch(id: string): Promise<void> {
    await this.tokens.update({ id }, { lastUsedAt: () => 'now()' });
  }
}
