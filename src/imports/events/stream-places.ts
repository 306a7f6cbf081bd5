import { Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { usageLimitExceeded } from '../../http/api-error.js';

const RETRY_AFTER_S = 5;

/** Limits the streams and waiting calls of each token in this process. */
@Injectable()
export class StreamPlaces {
  private readonly taken = new Map<string, number>();

  constructor(private readonly environment: Environment) {}

  /** @returns gives the place back, once. @throws ApiError 429 */
  take(tokenId: string): () => void {
    const limit = this.environment.MAX_EVENT_STREAMS;
    const count = this.taken.get(tokenId) ?? 0;
    if (count >= limit) {
      const sentence = `Too many event streams and waiting calls with this token; close one, or retry in ${RETRY_AFTER_S} seconds`;
      throw usageLimitExceeded({ access_token: sentence }, RETRY_AFTER_S);
    }
    this.taken.set(tokenId, count + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const left = (this.taken.get(tokenId) ?? 1) - 1;
      if (left === 0) this.taken.delete(tokenId);
      else this.taken.set(tokenId, left);
    };
  }
}
