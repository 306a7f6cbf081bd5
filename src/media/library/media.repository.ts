import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';
import { newestFirst, type PageOptions } from '../../database/newest-first.js';
import type { Asset } from './asset.entity.js';
import { Media } from './media.entity.js';

export type MediaWithAsset = Media & { asset: Asset };

export interface MediaRows {
  rows: MediaWithAsset[];
  /** Pass it as `after` to get the next page; absent on the last one. */
  cursor?: string;
}

export interface MediaFilter {
  kind?: string | undefined;
  systemName?: string | undefined;
  externalId?: string | undefined;
}

@Injectable()
export class MediaRepository {
  constructor(@InjectRepository(Media) private readonly media: Repository<Media>) {}

  /**
   * Finds a medium that is not removed.
   *
   * @param kind only a medium of this kind
   */
  async find(projectId: number, mediaId: string, kind?: string): Promise<MediaWithAsset | null> {
    const where = { projectId, id: mediaId, removedAt: IsNull(), ...(kind !== undefined && { kind }) };
    const medium = await this.media.findOne({ where, relations: { asset: true } });
    return medium === null ? null : withAsset(medium);
  }

  /**
   * A page of media, newest first.
   *
   * @returns null if the cursor (`after`) is no medium that the filter allows
   */
  async page(filter: MediaFilter, options: PageOptions): Promise<MediaRows | null> {
    const { projectId, limit, after } = options;
    const rows = await this.list(filter, options);
    if (rows.length === 0 && after !== undefined) {
      // A medium that has been removed meanwhile still is a position.
      const { kind } = filter;
      const where = { projectId, id: after, ...(kind !== undefined && { kind }) };
      if (!(await this.media.existsBy(where))) return null;
    }
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return { rows, ...(last !== undefined && { cursor: last.id }) };
  }

  async list({ kind, systemName, externalId }: MediaFilter, page: PageOptions): Promise<MediaWithAsset[]> {
    const query = this.media.createQueryBuilder('medium').innerJoinAndSelect('medium.asset', 'asset');
    query.andWhere('medium.removedAt IS NULL');
    if (kind !== undefined) query.andWhere('medium.kind = :kind', { kind });
    if (systemName !== undefined) query.andWhere('medium.systemName = :systemName', { systemName });
    if (externalId !== undefined) query.andWhere('medium.externalId = :externalId', { externalId });
    return (await newestFirst(query, page).getMany()).map(withAsset);
  }
}

function withAsset(medium: Media): MediaWithAsset {
  const { asset } = medium;
  if (asset === undefined || asset === null)
    throw new Error(`Medium ${medium.id} was read without its asset`);
  return Object.assign(medium, { asset });
}
