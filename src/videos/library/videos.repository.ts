import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { newestFirst, type PageOptions } from '../../database/newest-first.js';
import type { Asset } from '../../media/library/asset.entity.js';
import { Video } from '../../media/library/media.entity.js';

export type VideoWithAsset = Video & { asset: Asset };

export interface VideoFilter {
  systemName?: string | undefined;
  externalId?: string | undefined;
}

@Injectable()
export class VideosRepository {
  constructor(@InjectRepository(Video) private readonly videos: Repository<Video>) {}

  async find(projectId: number, mediaId: string): Promise<VideoWithAsset | null> {
    const where = { projectId, id: mediaId };
    const video = await this.videos.findOne({ where, relations: { asset: true } });
    return video === null ? null : withAsset(video);
  }

  async list({ systemName, externalId }: VideoFilter, page: PageOptions): Promise<VideoWithAsset[]> {
    const query = this.videos.createQueryBuilder('video').innerJoinAndSelect('video.asset', 'asset');
    if (systemName !== undefined) query.andWhere('video.systemName = :systemName', { systemName });
    if (externalId !== undefined) query.andWhere('video.externalId = :externalId', { externalId });
    return (await newestFirst(query, page).getMany()).map(withAsset);
  }
}

function withAsset(video: Video): VideoWithAsset {
  const { asset } = video;
  if (asset === undefined) throw new Error(`Video ${video.id} was read without its asset`);
  return Object.assign(video, { asset });
}
