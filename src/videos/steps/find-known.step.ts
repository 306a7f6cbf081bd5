import { Injectable } from '@nestjs/common';
import { batching } from '../../imports/work/batching.js';
import type { KnownVideo, VideoItem } from '../video-import.js';
import { KnownVideosRepository } from './known-videos.repository.js';

/** Looks whether the library has the video of an item already. */
@Injectable()
export class FindKnownStep {
  private readonly load = batching<VideoItem, KnownVideo | null>((items) => this.repository.findAll(items), {
    maxSize: 64,
    gatherMs: 1,
  });

  constructor(private readonly repository: KnownVideosRepository) {}

  run(item: VideoItem): Promise<KnownVideo | null> {
    return this.load(item);
  }
}
