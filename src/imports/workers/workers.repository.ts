import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Not, Raw, Repository, type FindOperator } from 'typeorm';
import { Worker } from './worker.entity.js';

export type WorkerStatus = Pick<Worker, 'id' | 'hostName' | 'concurrency' | 'kinds' | 'heldBy' | 'roundMs'>;

/** A worker without a heartbeat for this time counts as dead. */
const GONE_AFTER = '30 seconds';
/** Retention of the row of a dead worker. */
const REMOVED_AFTER = '1 hour';

const age = (interval: string, operator: '<' | '>'): FindOperator<Date> =>
  Raw((column) => `${column} ${operator} now() - interval '${interval}'`);

@Injectable()
export class WorkersRepository {
  constructor(@InjectRepository(Worker) private readonly workers: Repository<Worker>) {}

  /** Writes the heartbeat of a worker, and removes dead workers after their retention. */
  async seen(status: WorkerStatus): Promise<void> {
    await this.workers.upsert({ ...status, seenAt: () => 'now()' }, ['id']);
    await this.workers.delete({ seenAt: age(REMOVED_AFTER, '<'), id: Not(status.id) });
  }

  async remove(id: string): Promise<void> {
    await this.workers.delete({ id });
  }

  alive(): Promise<WorkerStatus[]> {
    return this.workers.find({ where: { seenAt: age(GONE_AFTER, '>') }, order: { startedAt: 'ASC' } });
  }
}
