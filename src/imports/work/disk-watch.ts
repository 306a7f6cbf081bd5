import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import { freeBytes } from '#libs/storage';
import { Environment } from '../../config/environment.js';
import { Dispatcher } from '../dispatch/dispatcher.js';
import { Consumers } from './consumers.js';

/** Keeps a worker from beginning anything while its disk is nearly full. */
@Injectable()
export class DiskWatch {
  private readonly logger = new Logger(DiskWatch.name);
  private held = false;

  constructor(
    private readonly consumers: Consumers,
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
    this.held = full;
    this.dispatcher.heldBy = full ? 'disk' : null;
    // Jobs in Bull are left to workers with room on their disks.
    await (full ? this.consumers.pause() : this.consumers.resume());
    if (full) {
      this.logger.warn(`${free} bytes are free in DATA_DIR, less than MIN_FREE_BYTES: nothing is begun`);
    } else {
      this.logger.log(`${free} bytes are free in DATA_DIR: work goes on`);
      this.dispatcher.wake();
    }
  }
}
