import type { EntityManager } from 'typeorm';
import { closeConnection } from '../database/close-connection.js';
import { TimeLimitError, withTimeLimit } from './time-limit.js';

/**
 * Waits for work in a transaction, but no longer than the limit. Then it closes the connection, which rolls back the
 * transaction: the work goes on, and after a mere rollback its next statement would be committed by itself, or as part
 * of the transaction that gets the connection next.
 *
 * @param operation subject of the sentence in the error
 * @param limitMs milliseconds
 * @throws TimeLimitError after the limit, or the rejection of the work
 */
export async function withTransactionTimeLimit<T>(
  tx: EntityManager,
  operation: string,
  limitMs: number,
  work: Promise<T>,
): Promise<T> {
  try {
    return await withTimeLimit(operation, limitMs, work);
  } catch (error) {
    if (error instanceof TimeLimitError) await closeConnection(tx.queryRunner);
    throw error;
  }
}
