import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createProber, ProbeFailedError, type Prober, type VideoProbe } from '#libs/media-probe';
import { Environment } from '../../config/environment.js';
import { failure } from '../failures.js';
import type { VideoItem } from '../video-import.js';

/** The processes of this worker that read the headers of videos. */
@Injectable()
export class VideoProber implements OnApplicationShutdown {
  private readonly prober: Prober;

  constructor({ PROBE_PROCESSES }: Environment) {
    this.prober = createProber({ processes: PROBE_PROCESSES });
  }

  /**
   * A file that drives its reader over a limit may have met a machine in trouble, so it gets a second attempt.
   *
   * @throws NotAVideoError; ItemFailure UNREADABLE where the file exceeded a limit, final the second time in a row;
   *   ProbeFailedError where the failure says nothing about the file
   */
  async probe(
    { projectId, lastCode }: Pick<VideoItem, 'projectId' | 'lastCode'>,
    source: string | Uint8Array,
    signal: AbortSignal,
  ): Promise<VideoProbe> {
    try {
      return await this.prober.probe(source, { signal, lane: String(projectId) });
    } catch (error) {
      if (!(error instanceof ProbeFailedError && error.isCausedByFile)) throw error;
      throw failure('UNREADABLE', { retryable: lastCode !== 'UNREADABLE', cause: error });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.prober.close();
  }
}
