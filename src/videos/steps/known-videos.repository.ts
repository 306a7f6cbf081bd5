import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { prepared } from '../../database/preparing-client.js';
import type { AssetFacts, KnownVideo, VideoItem } from '../video-import.js';

/** The columns of an asset as `AssetFacts`; `size` is exact up to 2⁵³. */
export const ASSET_FACTS = `json_build_object(
  'sha256', asset.sha256, 'size', asset.size, 'mimeType', asset.mime_type, 'container', asset.container,
  'videoCodec', asset.video_codec, 'audioCodec', asset.audio_codec, 'width', asset.width, 'height', asset.height,
  'duration', asset.duration, 'storageKey', asset.storage_key)`;

@Injectable()
export class KnownVideosRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** What the library has under the identities of these items, in their order. */
  async findAll(items: readonly VideoItem[]): Promise<Array<KnownVideo | null>> {
    const rows: Array<Omit<KnownVideo, 'importSequence'> & { place: number; importSequence: string }> =
      await this.dataSource.query(
        `SELECT wanted.place::integer AS place, video.id, video.import_sequence AS "importSequence",
           video.source_url AS "sourceUrl", video.etag, video.last_modified AS "lastModified", ${ASSET_FACTS} AS asset
         FROM unnest($1::integer[], $2::text[], $3::text[]) WITH ORDINALITY
           AS wanted (project_id, system_name, external_id, place)
         CROSS JOIN LATERAL (
           SELECT * FROM videos
           WHERE project_id = wanted.project_id AND system_name = wanted.system_name
             AND external_id = wanted.external_id
           LIMIT 1
         ) video
         JOIN assets asset ON asset.id = video.asset_id`,
        [
          items.map(({ projectId }) => projectId),
          items.map(({ systemName }) => systemName),
          items.map(({ externalId }) => externalId),
        ],
      );
    const found = new Map(
      rows.map(({ place, importSequence, ...video }) => [
        place,
        { ...video, importSequence: BigInt(importSequence) },
      ]),
    );
    return items.map((_, index) => found.get(index + 1) ?? null);
  }

  /**
   * The assets that a project has under these hashes, in their order. One that nobody refers to begins its grace period
   * anew, so that it is still there when the result is recorded.
   */
  async findAssets(
    wanted: ReadonlyArray<{ projectId: number; sha256: string }>,
  ): Promise<Array<AssetFacts | null>> {
    const rows: Array<{ place: number; asset: AssetFacts }> = await this.dataSource.query(
      prepared(`WITH found AS MATERIALIZED (
         SELECT wanted.place, asset.*
         FROM unnest($1::integer[], $2::text[]) WITH ORDINALITY AS wanted (project_id, sha256, place)
         CROSS JOIN LATERAL (
           SELECT * FROM assets WHERE project_id = wanted.project_id AND sha256 = wanted.sha256 LIMIT 1
         ) asset
       ),
       kept AS (
         UPDATE assets SET orphaned_at = now() FROM found
         WHERE assets.id = found.id AND found.orphaned_at IS NOT NULL
       )
       SELECT place::integer AS place, ${ASSET_FACTS} AS asset FROM found asset`),
      [wanted.map(({ projectId }) => projectId), wanted.map(({ sha256 }) => sha256)],
    );
    const found = new Map(rows.map(({ place, asset }) => [place, asset]));
    return wanted.map((_, index) => found.get(index + 1) ?? null);
  }
}
