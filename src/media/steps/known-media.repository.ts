import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { hotTransaction } from '../../database/hot-transaction.js';
import { statement } from '../../database/statement.js';
import type { Asset } from '../library/asset.entity.js';
import type { AssetFacts, KnownMedia, MediaItem } from '../media-import.js';

/** Columns of an asset as `AssetFacts`; `size` is exact up to 2⁵³. */
export const ASSET_FACTS = `json_build_object(
  'sha256', asset.sha256, 'size', asset.size, 'mimeType', asset.mime_type, 'storageKey', asset.storage_key,
  'facts', asset.facts)`;

interface KnownRow extends Omit<KnownMedia, 'importSequence'> {
  place: number;
  importSequence: string;
}

const selectKnown = statement<
  [
    projectIds: readonly number[],
    kinds: readonly string[],
    systemNames: readonly string[],
    externalIds: readonly string[],
  ],
  KnownRow
>(
  'media.select_known',
  `SELECT wanted.place::integer AS place, medium.id,
      greatest(medium.import_sequence, medium.removed_sequence) AS "importSequence",
      medium.source_url AS "sourceUrl", medium.etag, medium.last_modified AS "lastModified", ${ASSET_FACTS} AS asset
    FROM unnest($1::integer[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY
      AS wanted (project_id, kind, system_name, external_id, place)
    CROSS JOIN LATERAL (
      SELECT * FROM media
      WHERE project_id = wanted.project_id AND kind = wanted.kind AND system_name = wanted.system_name
        AND external_id = wanted.external_id
      LIMIT 1
    ) medium
    JOIN assets asset ON asset.id = medium.asset_id`,
);

interface AssetRow {
  place: number;
  asset: AssetFacts;
}

const keepKnownAssets = statement<
  [projectIds: readonly number[], kinds: readonly string[], sha256: readonly string[]],
  AssetRow
>(
  'assets.keep_known',
  `WITH found AS MATERIALIZED (
     SELECT wanted.place, asset.*
     FROM unnest($1::integer[], $2::text[], $3::text[]) WITH ORDINALITY
       AS wanted (project_id, kind, sha256, place)
     CROSS JOIN LATERAL (
       SELECT * FROM assets
       WHERE project_id = wanted.project_id AND kind = wanted.kind AND sha256 = wanted.sha256
       LIMIT 1
     ) asset
   ),
   kept AS (
     UPDATE assets SET orphaned_at = now() FROM found
     WHERE assets.id = found.id AND found.orphaned_at IS NOT NULL
   )
   SELECT place::integer AS place, ${ASSET_FACTS} AS asset FROM found asset`,
);

@Injectable()
export class KnownMediaRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Finds the media with the identities of these items, in their order. */
  async findAll(items: readonly MediaItem[]): Promise<Array<KnownMedia | null>> {
    const rows = await hotTransaction(this.dataSource, (tx) =>
      selectKnown.rows(
        tx,
        items.map(({ projectId }) => projectId),
        items.map(({ kind }) => kind),
        items.map(({ systemName }) => systemName),
        items.map(({ externalId }) => externalId),
      ),
    );
    const found = new Map(
      rows.map(({ place, importSequence, ...medium }) => [
        place,
        { ...medium, importSequence: BigInt(importSequence) },
      ]),
    );
    return items.map((_, index) => found.get(index + 1) ?? null);
  }

  /** Whether the library never had the medium. One that was removed keeps its id, even without a file. */
  async isNew({ projectId, kind, systemName, externalId }: MediaItem): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      'SELECT FROM media WHERE project_id = $1 AND kind = $2 AND system_name = $3 AND external_id = $4',
      [projectId, kind, systemName, externalId],
    );
    return rows.length === 0;
  }

  /**
   * Whether a medium has the title and the metadata of an item, and is not removed; compared as when the item is
   * recorded.
   */
  async describes(
    { title, payload: { metadata, metadataText } }: MediaItem,
    mediaId: string,
  ): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      'SELECT FROM media WHERE id = $1 AND title = $2 AND metadata = $3::jsonb AND removed_at IS NULL',
      [mediaId, title, metadataText ?? JSON.stringify(metadata)],
    );
    return rows.length > 0;
  }

  /**
   * Finds the assets of projects by kind and hash, in the order of the input. The grace period of an unreferenced asset
   * restarts, so that it still exists when the result is recorded.
   */
  async findAssets(
    wanted: ReadonlyArray<Pick<Asset, 'projectId' | 'kind' | 'sha256'>>,
  ): Promise<Array<AssetFacts | null>> {
    const projectIds = wanted.map(({ projectId }) => projectId);
    const kinds = wanted.map(({ kind }) => kind);
    const hashes = wanted.map(({ sha256 }) => sha256);
    const rows = await hotTransaction(this.dataSource, (tx) =>
      keepKnownAssets.rows(tx, projectIds, kinds, hashes),
    );
    const found = new Map(rows.map(({ place, asset }) => [place, asset]));
    return wanted.map((_, index) => found.get(index + 1) ?? null);
  }
}
