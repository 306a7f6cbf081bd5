import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import { freeBytes } from '#libs/storage';
import { Environment } from '../../config/environment.js';
import { Dispatcher } from '../dispatch/dispatcher.js';
import { JobConsumer } from './job-consumer.js';

/** Stops the worker from taking items while its disk is nearly full. */
@Injectable()
export class DiskWatch {
  private readonly logger = new Logger(DiskWatch.name);
  private held = false;

  constructor(
    private readonly consumer: JobConsumer,
    private readonly dispatcher: Dispatcher,
    private readonly environment: Environment,
  ) {}

  async look(): Promise<void> {
    const { DATA_DIR, MIN_FREE_BYTES } = this.environment;
    const folder = resolve(DATA_DIR);
    await mkdir(folder, { recursive: true });
    const free = await freeBytes(folder);
    const full = free < MIN_FREE_BYTES;
    if (full === this.held) return;
    if (full) {
      this.logger.warn(
        `Disk is nearly full, the worker takes no items free=${free} MIN_FREE_BYTES=${MIN_FREE_BYTES}`,
      );
      this.dispatcher.pause('disk');
      // Jobs in Bull are left to workers with free disk space.
      await this.consumer.pause();
    } else {
      this.dispatcher.resume();
      await this.consumer.resume();
      this.logger.log(`Disk has free space again, the worker takes items free=${free}`);
    }
    // Last: a consumer that could not be resumed, because Redis is unavailable, is resumed by the next look.
    this.held = full;
  }
}
