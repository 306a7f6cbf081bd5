import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';

/** Tells those who wait for something that the process ends. */
@Injectable()
export class Stopping implements BeforeApplicationShutdown {
  private readonly controller = new AbortController();
  readonly signal = this.controller.signal;

  beforeApplicationShutdown(): void {
    this.controller.abort(new Error('The process ends'));
  }
}
