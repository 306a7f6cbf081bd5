import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, Repository } from 'typeorm';
import { newestFirst, type PageOptions } from '../../database/newest-first.js';
import { Import } from '../../imports/import.entity.js';
import type { Asset } from './asset.entity.js';
import { Media } from './media.entity.js';
import { queryOfWords, titleWords } from './title-words.js';

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
  /** Beginnings of words of the title. */
  title?: string | undefined;
  /** Lower-case hex. */
  sha256?: string | undefined;
  /** Kinds of the file with the hash. */
  kinds?: readonly string[];
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

  /** Ids of imports by their sequences; those that do not exist any more are absent. */
  async importsOf(projectId: number, sequences: readonly string[]): Promise<Map<string, string>> {
    const imports = await this.media.manager.find(Import, {
      select: { id: true, sequence: true },
      where: { projectId, sequence: In([...sequences]) },
    });
    return new Map(imports.map(({ id, sequence }) => [sequence, id]));
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

  async list(filter: MediaFilter, page: PageOptions): Promise<MediaWithAsset[]> {
    const { kind, systemName, externalId, title, sha256, kinds = [] } = filter;
    const query = this.media.createQueryBuilder('medium').innerJoinAndSelect('medium.asset', 'asset');
    query.andWhere('medium.removedAt IS NULL');
    if (kind !== undefined) query.andWhere('medium.kind = :kind', { kind });
    if (systemName !== undefined) query.andWhere('medium.systemName = :systemName', { systemName });
    if (externalId !== undefined) query.andWhere('medium.externalId = :externalId', { externalId });
    if (title !== undefined) {
      const words = queryOfWords(title);
      if (words === undefined) return [];
      query.andWhere(`${titleWords('medium.title')} @@ to_tsquery('simple', :words)`, { words });
    }
    if (sha256 !== undefined) {
      // The index of files begins with project and kind.
      query.andWhere(
        'asset.projectId = :projectId AND asset.kind IN (:...assetKinds) AND asset.sha256 = :sha256',
        {
          assetKinds: kind === undefined ? kinds : [kind],
          sha256,
        },
      );
    }
    return (await newestFirst(query, page).getMany()).map(withAsset);
  }
}

function withAsset(medium: Media): MediaWithAsset {
  const { asset } = medium;
  if (asset === undefined || asset === null)
    throw new Error(`Medium ${medium.id} was read without its asset`);
  return Object.assign(medium, { asset });
}
