import type { Logger } from '@nestjs/common';
import { stackWithCauses } from '../http/error-stack.js';
import { isUnreachable } from '../database/unreachable-error.js';

const OUTAGE = 'outage';

/**
 * Logs failures of a retried operation: an outage once at `warn`, its end once at `log`, and a bug at `error` with its
 * stack, again only if the error changes.
 */
export class OutageLog {
  private readonly failing = new Map<string, string>();

  constructor(private readonly logger: Pick<Logger, 'error' | 'warn' | 'log'>) {}

  /** @param operation subject of the line, such as "Dispatch round" */
  failed(operation: string, error: unknown): void {
    const kind = isUnreachable(error) ? OUTAGE : String(error);
    if (this.failing.get(operation) === kind) return;
    this.failing.set(operation, kind);
    if (kind === OUTAGE) this.logger.warn(`${operation} failed, retrying: ${String(error)}`);
    else this.logger.error(`${operation} failed, retrying`, stackWithCauses(error));
  }

  /** Records a success, and logs the end of an outage. */
  works(operation: string): void {
    if (this.failing.delete(operation)) this.logger.log(`${operation} works again`);
  }
}
