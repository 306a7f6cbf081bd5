import type { Logger } from '@nestjs/common';
import { stackWithCauses } from '../http/error-stack.js';
import { isUnreachable } from '../http/unreachable-error.js';

const OUTAGE = 'outage';

/**
 * Logs failures of something that is tried again and again: an outage once at `warn`, its end once at `log`, and a bug at
 * `error` with its stack, again only when it becomes another one.
 */
export class OutageLog {
  private readonly failing = new Map<string, string>();

  constructor(private readonly logger: Pick<Logger, 'error' | 'warn' | 'log'>) {}

  /** @param what the subject of the line, such as "Dispatch round" */
  failed(what: string, error: unknown): void {
    const kind = isUnreachable(error) ? OUTAGE : String(error);
    if (this.failing.get(what) === kind) return;
    this.failing.set(what, kind);
    if (kind === OUTAGE) this.logger.warn(`${what} failed, retrying: ${String(error)}`);
    else this.logger.error(`${what} failed, retrying`, stackWithCauses(error));
  }

  /** It works, again or still. */
  works(what: string): void {
    if (this.failing.delete(what)) this.logger.log(`${what} works again`);
  }
}
