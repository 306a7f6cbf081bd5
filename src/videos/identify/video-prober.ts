import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createProber, ProbeFailedError, type Prober, type VideoProbe } from '#libs/media-probe';
import { Environment } from '../../config/environment.js';
import { videoFailure } from '../failures.js';
import type { MediaItem } from '../../media/media-import.js';

/** Child processes of this worker that parse video headers. */
@Injectable()
export class VideoProber implements OnApplicationShutdown {
  private readonly prober: Prober;

  constructor({ PROBE_PROCESSES }: Environment) {
    this.prober = createProber({ processes: PROBE_PROCESSES });
  }

  /**
   * Probes a file. If it exceeds a limit, the machine may have been overloaded, so the file gets a second attempt.
   *
   * @throws NotAVideoError; ItemFailure UNREADABLE if the file exceeded a limit, permanent the second time in a row;
   *   ProbeFailedError if the failure does not concern the file
   */
  async probe(
    { projectId, lastCode }: Pick<MediaItem, 'projectId' | 'lastCode'>,
    source: string | Uint8Array,
    signal: AbortSignal,
  ): Promise<VideoProbe> {
    try {
      return await this.prober.probe(source, { signal, lane: String(projectId) });
    } catch (error) {
      if (!(error instanceof ProbeFailedError && error.isCausedByFile)) throw error;
      throw videoFailure('UNREADABLE', { retryable: lastCode !== 'UNREADABLE', cause: error });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.prober.close();
  }
}
