import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../auth/caller.js';
import { serviceUnavailable } from '../../http/api-error.js';
import { Lifecycle } from '../../process/lifecycle.js';
import { LiveEvents } from './live-events.js';
import { StreamPlaces } from './stream-places.js';

/** Lets status calls wait for the end of an import. */
@Injectable()
export class WaitingStatus {
  constructor(
    private readonly live: LiveEvents,
    private readonly places: StreamPlaces,
    private readonly lifecycle: Lifecycle,
  ) {}

  /**
   * Resolves when the import has finished, the time is over, the client has gone or the process shuts down.
   *
   * @throws ApiError 429 if the token has too many streams and waiting calls, 503 while the process shuts down
   */
  async wait(caller: Caller, importId: string, seconds: number, { raw }: FastifyRequest): Promise<void> {
    const { draining } = this.lifecycle;
    // Otherwise clients that wait in a loop would ask without a pause.
    if (draining.aborted) throw serviceUnavailable('The service is shutting down; retry in 2 seconds', 2);
    const free = this.places.take(caller.tokenId);
    const over = new AbortController();
    const end = (): void => over.abort();
    const timer = setTimeout(end, seconds * 1_000);
    const { socket } = raw;
    draining.addEventListener('abort', end);
    socket.once('close', end);
    if (socket.destroyed) end();
    try {
      await this.live.untilFinished(importId, over.signal);
    } finally {
      clearTimeout(timer);
      draining.removeEventListener('abort', end);
      socket.off('close', end);
      free();
    }
  }
}
