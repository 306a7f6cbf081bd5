import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createProber, type Prober, type VideoProbe } from '#libs/media-probe';
import { Environment } from '../../config/environment.js';

/** Child processes of this worker that parse video headers. */
@Injectable()
export class VideoProber implements OnApplicationShutdown {
  private readonly prober: Prober;

  constructor({ PROBE_PROCESSES }: Environment) {
    this.prober = createProber({ processes: PROBE_PROCESSES });
  }

  /** @throws NotAVideoError; ProbeFailedError if the file could not be classified; the reason of the signal */
  probe(
    { projectId }: { projectId: number },
    source: string | Uint8Array,
    signal: AbortSignal,
  ): Promise<VideoProbe> {
    return this.prober.probe(source, { signal, lane: String(projectId) });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.prober.close();
  }
}
