import { Injectable } from '@nestjs/common';
import { Extensions } from '../../extension/extensions.js';
import { notFound } from '../../http/api-error.js';
import { RawJson } from '../../http/raw-json.js';
import { unknownCursor } from '../../http/unknown-cursor.js';
import { withoutQuery } from '../../imports/failures/without-query.js';
import { MediaRemoval } from './media-removal.service.js';
import { MediaUrls } from '../serving/media-urls.js';
import type { MediaQueryDto } from './media.dto.js';
import type { MediaVersionsDto } from './media-version.dto.js';
import type { MediaPage, MediumDto } from './medium.js';
import { MediaRepository, type MediaWithAsset } from './media.repository.js';

/** The library: media of every kind. Returns values for `stringifyRaw()`. */
@Injectable()
export class MediaService {
  constructor(
    private readonly repository: MediaRepository,
    private readonly urls: MediaUrls,
    private readonly extensions: Extensions,
    private readonly removal: MediaRemoval,
  ) {}

  /** @throws ApiError 404 if the project has no such medium */
  async find(projectId: number, mediaId: string): Promise<MediumDto> {
    const row = await this.repository.find(projectId, mediaId);
    if (row === null) throw notFound('No medium has this id');
    return this.toDto(row);
  }

  /**
   * Versions of a medium, newest first.
   *
   * @throws ApiError 404 if the project has no such medium
   */
  async versions(projectId: number, mediaId: string): Promise<MediaVersionsDto> {
    const row = await this.repository.find(projectId, mediaId);
    if (row === null) throw notFound('No medium has this id');
    const { asset, version, title, sourceUrl, versionSequence, formerVersions, updatedAt } = row;
    const current = {
      version,
      title,
      sourceUrl: withoutQuery(sourceUrl),
      sequence: versionSequence,
      sha256: asset.sha256,
      size: Number(asset.size),
      createdAt: updatedAt,
    };
    const former = (formerVersions ?? []).map(({ at, source, sequence, ...each }) => ({
      ...each,
      sourceUrl: withoutQuery(source),
      sequence: String(sequence),
      createdAt: new Date(at),
    }));
    const versions = [current, ...former.toReversed()];
    const imports = await this.repository.importsOf(
      projectId,
      versions.map(({ sequence }) => sequence),
    );
    return {
      results: versions.map(({ sequence, ...each }) => ({
        ...each,
        importId: imports.get(sequence) ?? null,
      })),
    };
  }

  /** @throws ApiError 404 if the project has no such medium, or it was removed too long ago */
  async remove(projectId: number, id: string): Promise<void> {
    if (!(await this.removal.remove({ projectId, id }))) throw notFound('No medium has this id');
  }

  /** @throws ApiError 404 if the project has no such medium, or it was removed too long ago */
  async restore(projectId: number, id: string): Promise<MediumDto> {
    if (!(await this.removal.restore({ projectId, id }))) throw notFound('No medium has this id');
    return this.find(projectId, id);
  }

  /** @throws ApiError 400 for an unknown cursor */
  async list(projectId: number, { limit, after, ...filter }: MediaQueryDto): Promise<MediaPage> {
    const sha256 = filter.sha256?.toLowerCase();
    const kinds = this.extensions.mediaKinds.map(({ name }) => name);
    const page = await this.repository.page({ ...filter, sha256, kinds }, { projectId, limit, after });
    if (page === null) throw unknownCursor();
    const { rows, ...more } = page;
    return { results: rows.map((row) => this.toDto(row)), ...more };
  }

  private toDto({ asset: file, ...medium }: MediaWithAsset): MediumDto {
    const { id, kind, version, systemName, externalId, title, metadataText, createdAt, updatedAt } = medium;
    const asset = {
      url: this.urls.original(file.storageKey),
      mimeType: file.mimeType,
      ...this.factsOf(kind, file.facts),
      size: Number(file.size),
      sha256: file.sha256,
    };
    const metadata = metadataText === null ? medium.metadata : new RawJson(metadataText);
    return { id, kind, version, systemName, externalId, title, asset, metadata, createdAt, updatedAt };
  }

  /** The facts of the kind, in its order; null for those that an earlier release of it did not have. */
  private factsOf(name: string, stored: object): Record<string, unknown> {
    const facts = this.extensions.mediaKinds.find((kind) => kind.name === name)?.facts ?? {};
    const known = new Map<string, unknown>(Object.entries(stored));
    return Object.fromEntries(
      Object.entries(facts)
        .filter(([fact, { isOptional }]) => known.has(fact) || !isOptional)
        .map(([fact]) => [fact, known.get(fact) ?? null]),
    );
  }
}
