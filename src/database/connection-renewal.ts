import { Injectable } from '@nestjs/common';
import { Client, Pool, type PoolClient } from 'pg';
import { type AfterQueryEvent, DataSource, type EntitySubscriberInterface, type QueryRunner } from 'typeorm';
import { serverTrouble } from './server-trouble.js';

/** What pg says where a server did not answer in time; the connection is still busy with the question then. */
const SILENT = 'Query read timeout';
/** While a server keeps failing, its connections are renewed no more often. */
const RENEW_EVERY_MS = 1_000;

/**
 * Gives up pooled connections to a server that went away, was demoted or keeps silent, so that the pool connects anew to
 * whatever is behind the address by now. pg itself gives up broken connections only: one that leads to a demoted server
 * works, and would fail every write for ever.
 */
@Injectable()
export class ConnectionRenewal implements EntitySubscriberInterface {
  private readonly connectedAt = new WeakMap<object, number>();
  private readonly pool: Pool | undefined;
  /** Connections that are older are given up when they come back to the pool. */
  private renewedAt = -Infinity;

  constructor(dataSource: DataSource) {
    dataSource.subscribers.push(this);
    const { driver } = dataSource;
    if (!('master' in driver) || !(driver.master instanceof Pool)) return;
    this.pool = driver.master;
    this.pool.on('connect', (client) => this.connectedAt.set(client, performance.now()));
    this.pool.on('release', (_error, client) => {
      // The pool gives up what has ended.
      if (this.isStale(client)) void client.end();
    });
  }

  /** Called for every statement; what goes well must cost nothing. */
  afterQuery({ success, error, queryRunner }: AfterQueryEvent): Promise<void> | undefined {
    if (success || !endsConnection(error)) return undefined;
    return this.giveUp(queryRunner, error);
  }

  /** Gives up every connection there is: idle ones now, the others when they come back. */
  renew(): void {
    const now = performance.now();
    if (this.pool === undefined || now - this.renewedAt < RENEW_EVERY_MS) return;
    this.renewedAt = now;
    for (let left = this.pool.idleCount; left > 0; left -= 1) {
      this.pool.connect().then(
        (client: PoolClient) => client.release(true),
        () => undefined, // nobody is there: no connection is left either
      );
    }
  }

  private async giveUp(queryRunner: QueryRunner, error: unknown): Promise<void> {
    const client: unknown = await queryRunner.connect();
    // What follows in its transaction fails at once, and the pool does not take it back.
    if (client instanceof Client) void client.end();
    if (concernsAll(error)) this.renew();
  }

  private isStale(client: PoolClient): boolean {
    return (this.connectedAt.get(client) ?? -1) < this.renewedAt;
  }
}

function endsConnection(error: unknown): boolean {
  const trouble = serverTrouble(error);
  return isSilence(error) || trouble === 'gone' || trouble === 'read_only';
}

/** Whether the other connections to this server are of no more use than the one that failed. */
function concernsAll(error: unknown): boolean {
  return isSilence(error) || serverTrouble(error) === 'read_only';
}

function isSilence(error: unknown): boolean {
  return error instanceof Error && error.message === SILENT;
}
