import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { PeriodicTasks } from '../../process/periodic-tasks.js';
import { Removal } from './removal.js';

const HOUR_MS = 3_600_000;
/** Runs per grace period, so that no file stays much longer than it. */
const RUNS_PER_GRACE = 4;
/** Listing a large bucket takes time. */
const LIMIT_MS = 600_000;

/** Schedules the orphan sweep. */
@Injectable()
export class RemovalSchedule implements OnApplicationBootstrap {
  constructor(
    private readonly removal: Removal,
    private readonly tasks: PeriodicTasks,
    private readonly environment: Environment,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.start({
      name: 'Orphan sweep',
      everyMs: Math.max(1, Math.min(HOUR_MS, Math.floor(this.environment.ORPHAN_GRACE_MS / RUNS_PER_GRACE))),
      run: (signal) => this.removal.run(signal),
      limitMs: LIMIT_MS,
    });
  }
}
