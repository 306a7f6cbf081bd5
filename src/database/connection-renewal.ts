import { Injectable } from '@nestjs/common';
import { Client, Pool, type PoolClient } from 'pg';
import { type AfterQueryEvent, DataSource, type EntitySubscriberInterface, type QueryRunner } from 'typeorm';
import { serverTrouble } from './server-trouble.js';

/** pg's message for a reply that did not arrive in time; the connection still waits for the reply. */
const SILENT = 'Query read timeout';
/** Minimum interval between renewals while a server keeps failing. */
const RENEW_EVERY_MS = 1_000;

/**
 * Closes pooled connections to a server that is gone, demoted or unresponsive, so that the pool reconnects to the
 * current server behind the address. pg itself only closes broken connections; a connection to a demoted server works,
 * but would fail every write.
 */
@Injectable()
export class ConnectionRenewal implements EntitySubscriberInterface {
  private readonly connectedAt = new WeakMap<object, number>();
  private readonly pool: Pool | undefined;
  /** Older connections are closed when they return to the pool. */
  private renewedAt = -Infinity;

  constructor(dataSource: DataSource) {
    dataSource.subscribers.push(this);
    const { driver } = dataSource;
    if (!('master' in driver) || !(driver.master instanceof Pool)) return;
    this.pool = driver.master;
    this.pool.on('connect', (client) => this.connectedAt.set(client, performance.now()));
    this.pool.on('release', (_error, client) => {
      // The pool removes ended clients.
      if (this.isStale(client)) void client.end();
    });
  }

  /** Called for every statement, so success must be cheap. */
  afterQuery({ success, error, queryRunner }: AfterQueryEvent): Promise<void> | undefined {
    if (success || !endsConnection(error)) return undefined;
    return this.giveUp(queryRunner, error);
  }

  /** Closes all connections: idle ones now, the others when they return to the pool. */
  renew(): void {
    const now = performance.now();
    if (this.pool === undefined || now - this.renewedAt < RENEW_EVERY_MS) return;
    this.renewedAt = now;
    for (let left = this.pool.idleCount; left > 0; left -= 1) {
      this.pool.connect().then(
        (client: PoolClient) => client.release(true),
        () => undefined, // the server is unavailable, so no connection is left either
      );
    }
  }

  private async giveUp(queryRunner: QueryRunner, error: unknown): Promise<void> {
    const client: unknown = await queryRunner.connect();
    // Later statements of its transaction fail at once, and the pool discards the client.
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

/** Whether the other connections to this server are equally unusable. */
function concernsAll(error: unknown): boolean {
  return isSilence(error) || serverTrouble(error) === 'read_only';
}

function isSilence(error: unknown): boolean {
  return error instanceof Error && error.message === SILENT;
}
