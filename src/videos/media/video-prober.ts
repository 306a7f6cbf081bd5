import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createProber, ProbeFailedError, type Prober, type VideoProbe } from '#libs/media-probe';
import { Environment } from '../../config/environment.js';
import { failure } from '../failures.js';

/** The threads of this worker that read the headers of videos. */
@Injectable()
export class VideoProber implements OnApplicationShutdown {
  private readonly prober: Prober;

  constructor({ PROBE_THREADS }: Environment) {
    this.prober = createProber({ workers: PROBE_THREADS });
  }

  /** @throws NotAVideoError; ItemFailure where the file is too hard to read */
  async probe(source: string | Uint8Array, signal: AbortSignal): Promise<VideoProbe> {
    try {
      return await this.prober.probe(source, { signal });
    } catch (error) {
      if (!(error instanceof ProbeFailedError)) throw error;
      if (error.failure === 'unreadable' || error.failure === 'closed') throw error;
      // A machine that is busy is slow as well, so that the time limit alone is no verdict on the file.
      const retryable = error.failure === 'timed-out';
      throw failure('NOT_A_VIDEO', { clause: 'the file is too hard to read', retryable, cause: error });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.prober.close();
  }
}
