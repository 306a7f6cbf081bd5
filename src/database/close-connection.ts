import { Client } from 'pg';
import type { QueryRunner } from 'typeorm';

/**
 * Closes the connection of a query runner, which ends its transaction and its locks. Further statements fail at once,
 * and the pool discards it.
 */
export async function closeConnection(queryRunner: QueryRunner | undefined): Promise<void> {
  const client: unknown = await queryRunner?.connect();
  // Not awaited: an unresponsive server would keep the caller waiting.
  if (client instanceof Client) void client.end();
}
