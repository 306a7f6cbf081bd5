import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, IsNull, Not, Repository } from 'typeorm';
import { Import } from '../../imports/import.entity.js';
import { Media } from './media.entity.js';

/** A medium of a project; `kind` is set if the route is one of a kind. */
export interface MediumKey {
  projectId: number;
  id: string;
  kind?: string;
}

/** Takes a place in the order of acceptance of imports: of an import and a removal, the later one wins. */
const NEXT_SEQUENCE = `nextval(pg_get_serial_sequence('imports', 'sequence'))`;

@Injectable()
export class MediaRemovalRepository {
  constructor(@InjectRepository(Media) private readonly media: Repository<Media>) {}

  transaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.media.manager.transaction(work);
  }

  /** Locks a medium, removed ones included, until the transaction ends. */
  lock(tx: EntityManager, key: MediumKey): Promise<Media | null> {
    return tx.findOne(Media, { where: { ...key }, lock: { mode: 'pessimistic_write' } });
  }

  async remove(tx: EntityManager, key: MediumKey): Promise<void> {
    await tx.update(
      Media,
      { ...key, removedAt: IsNull() },
      { removedAt: () => 'now()', removedSequence: () => NEXT_SEQUENCE },
    );
  }

  /** @returns whether the medium was removed at most `graceMs` ago, and is back */
  async restore(tx: EntityManager, key: MediumKey, graceMs: number): Promise<boolean> {
    const { affected } = await tx
      .createQueryBuilder()
      .update(Media)
      .set({ removedAt: null, removedSequence: null })
      .where({ ...key, assetId: Not(IsNull()) })
      .andWhere(`removed_at > now() - :graceMs * interval '1 millisecond'`, { graceMs })
      .execute();
    return affected === 1;
  }

  /** Id of the import that created the current version. */
  async importOf(tx: EntityManager, { projectId, versionSequence }: Media): Promise<string> {
    const { id } = await tx.findOneOrFail(Import, {
      select: { id: true },
      where: { projectId, sequence: versionSequence },
    });
    return id;
  }
}
