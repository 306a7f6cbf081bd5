import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, Raw, type Repository } from 'typeorm';
import { Environment } from '../../config/environment.js';
import { hotTransaction } from '../../database/hot-transaction.js';
import { EngineFailure } from '../failure.js';
import { FinishedImports } from '../finish/finished-imports.js';
import { Import } from '../import.entity.js';
import { ImportTurnsRepository } from '../import-turns.repository.js';
import { ItemRepository } from '../item/item.repository.js';

/** Plans per round; the rest waits for the next one. */
const PAGE = 100;

/** Fails the items of plans that were not applied in time. */
@Injectable()
export class ExpiredPlans {
  constructor(
    private readonly dataSource: DataSource,
    @InjectRepository(Import) private readonly imports: Repository<Import>,
    private readonly turns: ImportTurnsRepository,
    private readonly items: ItemRepository,
    private readonly finished: FinishedImports,
    private readonly environment: Environment,
  ) {}

  async expire(): Promise<void> {
    const due = Raw((column) => `${column} < now() - :ttlMs * interval '1 millisecond'`, {
      ttlMs: this.environment.PLAN_TTL,
    });
    const plans = await this.imports.find({
      select: { id: true, projectId: true },
      where: { state: 'planned', finishedAt: due },
      order: { finishedAt: 'ASC' },
      take: PAGE,
    });
    for (const plan of plans) await this.expireOne(plan);
  }

  private async expireOne({ id, projectId }: Pick<Import, 'id' | 'projectId'>): Promise<void> {
    await hotTransaction(this.dataSource, async (tx) => {
      // It may have been applied or cancelled meanwhile.
      if ((await this.turns.take(tx, projectId, id))?.state !== 'planned') return;
      await this.finished.announce(tx, await this.items.expire(tx, id, EngineFailure.planExpired));
    });
  }
}
