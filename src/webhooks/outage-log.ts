import type { Logger } from '@nestjs/common';

/** Tells of an outage when it begins and when it is over, not once a second. */
export class OutageLog {
  private lasts = false;

  constructor(
    private readonly logger: Pick<Logger, 'error' | 'log'>,
    private readonly what: string,
  ) {}

  failed(error: unknown): void {
    if (!this.lasts) this.logger.error(`${this.what} cannot go on for now: ${String(error)}`);
    this.lasts = true;
  }

  works(): void {
    if (this.lasts) this.logger.log(`${this.what} goes on`);
    this.lasts = false;
  }
}
