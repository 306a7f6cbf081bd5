import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

export interface VideoRow {
  id: string;
  version: number;
  systemName: string;
  externalId: string;
  title: string;
  /** Null where there is the text of it. */
  metadata: object | null;
  metadataText: string | null;
  createdAt: Date;
  updatedAt: Date;
  mimeType: string;
  width: number;
  height: number;
  duration: number | null;
  size: string;
  sha256: string;
  storageKey: string;
}

export interface VideoFilter {
  projectId: number;
  systemName?: string | undefined;
  externalId?: string | undefined;
}

export interface Page {
  limit: number;
  /** mediaId of the last video of the page before. */
  after?: string | undefined;
}

const COLUMNS = `video.id, video.version, video.system_name AS "systemName", video.external_id AS "externalId",
  video.title, CASE WHEN video.metadata_text IS NULL THEN video.metadata END AS metadata,
  video.metadata_text AS "metadataText", video.created_at AS "createdAt", video.updated_at AS "updatedAt",
  asset.mime_type AS "mimeType", asset.width, asset.height, asset.duration, asset.size, asset.sha256,
  asset.storage_key AS "storageKey"`;

@Injectable()
export class VideosRepository {
  constructor(private readonly dataSource: DataSource) {}

  async find(projectId: number, mediaId: string): Promise<VideoRow | null> {
    const rows: VideoRow[] = await this.dataSource.query(
      `SELECT ${COLUMNS} FROM videos video JOIN assets asset ON asset.id = video.asset_id
       WHERE video.project_id = $1 AND video.id = $2`,
      [projectId, mediaId],
    );
    return rows[0] ?? null;
  }

  /** Newest first. */
  list({ projectId, systemName, externalId }: VideoFilter, { limit, after }: Page): Promise<VideoRow[]> {
    return this.dataSource.query(
      `SELECT ${COLUMNS} FROM videos video JOIN assets asset ON asset.id = video.asset_id
       WHERE video.project_id = $1
         AND ($2::text IS NULL OR video.system_name = $2)
         AND ($3::text IS NULL OR video.external_id = $3)
         AND ($4::text IS NULL OR (video.created_at, video.id) <
           (SELECT last.created_at, last.id FROM videos last WHERE last.project_id = $1 AND last.id = $4))
       ORDER BY video.created_at DESC, video.id DESC
       LIMIT $5`,
      [projectId, systemName ?? null, externalId ?? null, after ?? null, limit],
    );
  }
}
