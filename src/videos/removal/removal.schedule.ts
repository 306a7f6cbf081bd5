import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { Removal } from './removal.js';

const AT_LEAST_EVERY_MS = 3_600_000;
/** Several times within a grace period, so that nothing stays much longer than it. */
const PER_GRACE = 4;

/** Looks for files to remove now and then. */
@Injectable()
export class RemovalSchedule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RemovalSchedule.name);
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly removal: Removal,
    private readonly environment: Environment,
  ) {}

  onApplicationBootstrap(): void {
    const pause = Math.min(AT_LEAST_EVERY_MS, this.environment.ORPHAN_GRACE_MS / PER_GRACE);
    this.timer = setTimeout(() => {
      this.running = this.look();
    }, pause);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.running;
  }

  private async look(): Promise<void> {
    try {
      await this.removal.run(this.stopping.signal);
    } catch (error) {
      this.logger.warn(`Removing files has to wait: ${String(error)}`);
    }
    if (!this.stopping.signal.aborted) this.onApplicationBootstrap();
  }
}
