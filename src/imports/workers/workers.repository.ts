import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Not, Raw, Repository, type FindOperator } from 'typeorm';
import { Worker } from './worker.entity.js';

export type WorkerStatus = Pick<Worker, 'id' | 'hostName' | 'concurrency' | 'heldBy' | 'roundMs'>;

/** A worker that has not been seen for so long is gone. */
const GONE_AFTER = '30 seconds';
/** Its row is removed after so long. */
const REMOVED_AFTER = '1 hour';

const age = (interval: string, operator: '<' | '>'): FindOperator<Date> =>
  Raw((column) => `${column} ${operator} now() - interval '${interval}'`);

@Injectable()
export class WorkersRepository {
  constructor(@InjectRepository(Worker) private readonly workers: Repository<Worker>) {}

  /** Notes that a worker is alive, and removes those that have not been seen for long. */
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
