import { Injectable } from '@nestjs/common';
import { NotAVideoError, type VideoProbe } from '#libs/media-probe';
import { batching } from '../../process/batching.js';
import { Outages } from '../../imports/run/outages.js';
import { failure } from '../media-failures.js';
import type { DownloadedFile } from '../incoming/downloaded-file.js';
import { VideoProber } from '../../videos/identify/video-prober.js';
import type { AssetFacts, VideoItem } from '../media-import.js';
import { KnownVideosRepository } from './known-media.repository.js';

/** A downloaded file is either already stored by the project or new to it. */
export type Identified = { known: AssetFacts } | { known: null; probe: VideoProbe };

/** Recognizes already stored bytes by their hash and probes all others. */
@Injectable()
export class IdentifyStep {
  private readonly findAsset = batching<{ projectId: number; sha256: string }, AssetFacts | null>(
    (wanted) => this.outages.outlast('File lookup', () => this.repository.findAssets(wanted)),
    { maxSize: 64 },
  );

  constructor(
    private readonly repository: KnownVideosRepository,
    private readonly prober: VideoProber,
    private readonly outages: Outages,
  ) {}

  /** @throws ItemFailure NOT_A_VIDEO, TRUNCATED, UNREADABLE; or the reason of the signal */
  async run(
    item: VideoItem,
    { source, sha256, lengthDeclared }: DownloadedFile,
    signal: AbortSignal,
  ): Promise<Identified> {
    const { projectId } = item;
    const known = await this.findAsset({ projectId, sha256 });
    if (known !== null) return { known };
    try {
      return { known: null, probe: await this.prober.probe(item, source, signal) };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof NotAVideoError) {
        // Without a declared length the transfer may have been truncated unnoticed.
        const code = error.kind === 'truncated' && !lengthDeclared ? 'TRUNCATED' : 'NOT_A_VIDEO';
        throw failure(code, { clause: error.reason, cause: error });
      }
      throw error;
    }
  }
}
