import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AdvisoryLock } from '../../database/advisory-locks.js';
import { statement } from '../../database/statement.js';
import { Asset } from '../library/asset.entity.js';
import { newMediaId } from '../library/media-id.js';
import { ASSET_FACTS } from './known-media.repository.js';
import type { AssetFacts, MediaItem, MediaPayload, SourceValidators } from '../media-import.js';

export interface MediaUpsert {
  item: Pick<
    MediaItem,
    'projectId' | 'importId' | 'kind' | 'systemName' | 'externalId' | 'title' | 'sequence' | 'payload'
  >;
  asset: KeptAsset;
  validators: SourceValidators;
}

/** The authoritative row of an asset. */
export type KeptAsset = AssetFacts & { id: string };

export interface UpsertedMedia {
  /** Index in the list of upserts. */
  place: number;
  mediaId: string;
  /** Sequence of the import that created the current version. */
  versionSequence: bigint;
  version: number;
  /** Whether this transaction wrote the version. */
  changed: boolean;
}

interface UpsertedRow extends MediaIdentity {
  mediaId: string;
  versionSequence: string;
  version: number;
  changed: boolean;
}

type MediaIdentity = Pick<MediaItem, 'projectId' | 'kind' | 'systemName' | 'externalId'>;

/** Returns a text that uniquely identifies a medium. */
export function identityOf({ projectId, kind, systemName, externalId }: MediaIdentity): string {
  return JSON.stringify([projectId, kind, systemName, externalId]);
}

/** jsonb equality: independent of member order, numbers compared by value with all digits. */
const SAME = `(medium.title = excluded.title AND medium.metadata = excluded.metadata AND medium.asset_id = excluded.asset_id AND medium.removed_at IS NULL)`;

/** Files of earlier versions that still exist. */
const FORMER = `CASE WHEN medium.asset_id = excluded.asset_id THEN medium.former_asset_ids
  ELSE ARRAY(SELECT id FROM assets WHERE id = ANY(medium.former_asset_ids || medium.asset_id)) END`;

/** Entries of `former_versions`. */
const FORMER_VERSIONS = 100;

/** Versions before the new one, without the queries of their URLs, which may contain signatures. */
const VERSIONS = `CASE
    WHEN ${SAME} THEN medium.former_versions
    WHEN medium.asset_id IS NOT NULL THEN
      CASE WHEN jsonb_array_length(medium.former_versions) >= ${FORMER_VERSIONS} THEN medium.former_versions - 0
        ELSE coalesce(medium.former_versions, '[]') END
      || (SELECT jsonb_build_object('version', medium.version, 'title', medium.title,
            'source', substring(medium.source_url FROM '^[^?#]*'), 'sequence', medium.version_sequence,
            'sha256', asset.sha256, 'size', asset.size, 'at', medium.updated_at)
          FROM assets asset WHERE asset.id = medium.asset_id)
  END`;

interface KeptRow extends KeptAsset {
  projectId: number;
  kind: string;
  /** Whether this transaction has inserted the row. */
  isNew: boolean;
}

const keepAssets = statement<[assetsJson: string], KeptRow>(
  'assets.keep',
  `WITH wanted AS (
     SELECT DISTINCT ON ("projectId", kind, sha256) * FROM json_to_recordset($1::json) AS wanted
       ("projectId" integer, kind text, sha256 text, size bigint, "mimeType" text, "storageKey" text, facts jsonb,
        stored boolean)
     WHERE stored OR EXISTS (
       SELECT FROM assets WHERE project_id = "projectId" AND assets.kind = wanted.kind AND assets.sha256 = wanted.sha256)
     ORDER BY "projectId", kind, sha256, stored DESC
   ),
   kept AS (
     INSERT INTO assets (project_id, kind, sha256, size, mime_type, storage_key, facts)
     SELECT "projectId", kind, sha256, size, "mimeType", "storageKey", facts FROM wanted
     ON CONFLICT (project_id, kind, sha256) DO UPDATE SET orphaned_at = NULL
     RETURNING *
   )
   SELECT id, project_id AS "projectId", kind, sha256, size::double precision AS size, mime_type AS "mimeType",
     storage_key AS "storageKey", facts, created_at = now() AS "isNew"
   FROM kept`,
);

/** In one order, to avoid deadlocks. */
const lockIdentities = statement<[lock: AdvisoryLock, identities: readonly string[]]>(
  'media.lock',
  `SELECT pg_advisory_xact_lock($1, key)
   FROM (SELECT DISTINCT hashtext(identity) AS key FROM unnest($2::text[]) AS identity ORDER BY key) ordered`,
);

const upsertMedia = statement<[mediaJson: string], UpsertedRow>(
  'media.upsert',
  `INSERT INTO media AS medium (id, project_id, kind, system_name, external_id, title, metadata, metadata_text,
       import_sequence, version_sequence, source_url, etag, last_modified, asset_id)
     SELECT id, project_id, kind, system_name, external_id, title, coalesce(metadata_text::jsonb, metadata), metadata_text,
       sequence, sequence, source_url, etag, last_modified, asset_id
     FROM json_to_recordset($1::json) AS record
       (id text, project_id integer, kind text, system_name text, external_id text, title text, metadata jsonb,
        metadata_text text, sequence bigint, source_url text, etag text, last_modified text, asset_id bigint)
     ORDER BY project_id, kind, system_name, external_id
     ON CONFLICT (project_id, kind, system_name, external_id) DO UPDATE
     SET title = excluded.title, metadata = excluded.metadata, metadata_text = excluded.metadata_text,
       asset_id = excluded.asset_id, former_asset_ids = ${FORMER}, former_versions = ${VERSIONS}, removed_at = NULL, removed_sequence = NULL,
       source_url = excluded.source_url, etag = excluded.etag, last_modified = excluded.last_modified,
       import_sequence = excluded.import_sequence,
       version = medium.version + CASE WHEN ${SAME} THEN 0 ELSE 1 END,
       version_sequence = CASE WHEN ${SAME} THEN medium.version_sequence ELSE excluded.version_sequence END,
       updated_at = CASE WHEN ${SAME} THEN medium.updated_at ELSE now() END
     WHERE medium.import_sequence <= excluded.import_sequence
       AND (medium.removed_sequence IS NULL OR medium.removed_sequence < excluded.import_sequence)
     RETURNING id AS "mediaId", version_sequence AS "versionSequence", version, updated_at = now() AS changed,
       project_id AS "projectId", kind, system_name AS "systemName", external_id AS "externalId"`,
);

const releaseAssets = statement<[assetIds: readonly string[]]>(
  'assets.release',
  'INSERT INTO released_assets (asset_id) SELECT unnest($1::bigint[])',
);

/** A medium as it is; without a file if it was removed and its grace period is over. */
export interface CurrentMedium extends Partial<AssetFacts> {
  mediaId: string;
  isRemoved: boolean;
}

interface CurrentRow {
  place: number;
  mediaId: string;
  isRemoved: boolean;
  asset: AssetFacts | null;
}

const selectCurrent = statement<
  [
    projectIds: readonly number[],
    kinds: readonly string[],
    systemNames: readonly string[],
    externalIds: readonly string[],
  ],
  CurrentRow
>(
  'media.select_current',
  `SELECT wanted.place::integer AS place, medium.id AS "mediaId",
      medium.removed_at IS NOT NULL AS "isRemoved", CASE WHEN asset.id IS NOT NULL THEN ${ASSET_FACTS} END AS asset
    FROM unnest($1::integer[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY
      AS wanted (project_id, kind, system_name, external_id, place)
    JOIN media medium USING (project_id, kind, system_name, external_id)
    LEFT JOIN assets asset ON asset.id = medium.asset_id`,
);

@Injectable()
export class RecordRepository {
  /**
   * Ensures a row for every asset; the row of a faster attempt wins. An asset that this attempt did not store must
   * already exist: if it has been removed meanwhile, it is missing in the result, and the transaction must be rolled
   * back.
   *
   * @returns assets by `projectId:kind:sha256`
   */
  async keepAssets(
    tx: EntityManager,
    assets: ReadonlyArray<AssetFacts & { projectId: number; kind: string; stored: boolean }>,
  ): Promise<Map<string, KeptAsset>> {
    if (assets.length === 0) return new Map();
    const rows = await keepAssets.rows(tx, JSON.stringify(assets));
    const stored = new Set(assets.filter((asset) => asset.stored).map(fileKey));
    const kept = new Map<string, KeptAsset>();
    for (const { projectId, kind, isNew, ...asset } of rows) {
      const key = fileKey({ projectId, kind, sha256: asset.sha256 });
      // An asset that a sweep has removed while the statement waited is inserted again.
      if (!isNew || stored.has(key)) kept.set(key, asset);
    }
    return kept;
  }

  /**
   * Creates and updates media; identities must be unique. A medium that a later import has changed is skipped and
   * absent from the returned rows. A medium without changes keeps its version.
   *
   * The upsert reads the files of earlier versions. Of a version that another transaction commits while the upsert
   * waits for its row, it would see the row but not the file, so it waits for the identity before it begins.
   */
  async upsertMedia(tx: EntityManager, upserts: readonly MediaUpsert[]): Promise<UpsertedMedia[]> {
    const records = upserts.map(({ item, asset, validators }) => ({
      id: newMediaId(),
      project_id: item.projectId,
      kind: item.kind,
      system_name: item.systemName,
      external_id: item.externalId,
      title: item.title,
      ...metadataOf(item.payload),
      sequence: item.sequence.toString(),
      source_url: item.payload.url,
      etag: validators.etag,
      last_modified: validators.lastModified,
      asset_id: asset.id,
    }));
    const identities = upserts.map(({ item }) => identityOf(item));
    await lockIdentities.count(tx, AdvisoryLock.Medium, identities);
    const rows = await upsertMedia.rows(tx, JSON.stringify(records));
    const places = new Map(identities.map((identity, place) => [identity, place]));
    await this.release(tx, ignoredOf(upserts, rows));
    return rows.flatMap((row): UpsertedMedia[] => {
      const place = places.get(identityOf(row));
      if (place === undefined) return [];
      const { mediaId, version, changed } = row;
      return [{ place, mediaId, version, changed, versionSequence: BigInt(row.versionSequence) }];
    });
  }

  /** Releases the assets of skipped upserts, which may have no reference. A trigger records replaced assets. */
  private async release(tx: EntityManager, ignored: readonly MediaUpsert[]): Promise<void> {
    if (ignored.length === 0) return;
    await releaseAssets.count(
      tx,
      ignored.map(({ asset }) => asset.id),
    );
  }

  /** Returns the media with these identities and their files, in the order of the items. */
  async current(tx: EntityManager, items: readonly MediaItem[]): Promise<Array<CurrentMedium | undefined>> {
    const rows = await selectCurrent.rows(
      tx,
      items.map(({ projectId }) => projectId),
      items.map(({ kind }) => kind),
      items.map(({ systemName }) => systemName),
      items.map(({ externalId }) => externalId),
    );
    const found = new Map(
      rows.map(({ place, asset, ...medium }): [number, CurrentMedium] => [place, { ...medium, ...asset }]),
    );
    return items.map((_, index) => found.get(index + 1));
  }

  async isReferenced(tx: EntityManager, storageKey: string): Promise<boolean> {
    return tx.existsBy(Asset, { storageKey });
  }
}

function fileKey({ projectId, kind, sha256 }: Pick<Asset, 'projectId' | 'kind' | 'sha256'>): string {
  return `${projectId}:${kind}:${sha256}`;
}

function ignoredOf(upserts: readonly MediaUpsert[], rows: readonly MediaIdentity[]): MediaUpsert[] {
  if (rows.length === upserts.length) return [];
  const written = new Set(rows.map(identityOf));
  return upserts.filter(({ item }) => !written.has(identityOf(item)));
}

/** If there is a text, only the text defines the jsonb, because its numbers are decimals of any length. */
function metadataOf({ metadata, metadataText }: MediaPayload): object {
  return metadataText === undefined ? { metadata } : { metadata_text: metadataText };
}
