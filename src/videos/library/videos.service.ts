import { Injectable } from '@nestjs/common';
import type { VideoProbe } from '#libs/media-probe';
import { notFound } from '../../http/api-error.js';
import { RawJson } from '../../http/raw-json.js';
import { unknownCursor } from '../../http/unknown-cursor.js';
import { MediaUrls } from '../../media/serving/media-urls.js';
import type { VideoDto, VideosPageDto, VideosQueryDto } from './video.dto.js';
import { MediaRepository, type MediaWithAsset } from '../../media/library/media.repository.js';
import { MediaRemoval } from '../../media/library/media-removal.service.js';
import { VIDEOS } from '../video-kind.js';

/** Facts of a video, as the kind stores them. */
type VideoFacts = Pick<VideoProbe, 'width' | 'height' | 'duration'>;
const UNKNOWN: VideoFacts = { width: 0, height: 0, duration: null };

@Injectable()
export class VideosService {
  constructor(
    private readonly repository: MediaRepository,
    private readonly urls: MediaUrls,
    private readonly removal: MediaRemoval,
  ) {}

  /**
   * @returns a value for `stringifyRaw()`
   * @throws ApiError 404 if the project has no such video
   */
  async find(projectId: number, mediaId: string): Promise<VideoDto> {
    const row = await this.repository.find(projectId, mediaId, VIDEOS);
    if (row === null) throw notFound('No video has this id');
    return this.toDto(row);
  }

  /** @throws ApiError 404 if the project has no such video, or it was removed too long ago */
  async remove(projectId: number, id: string): Promise<void> {
    if (!(await this.removal.remove({ projectId, id, kind: VIDEOS }))) throw notFound('No video has this id');
  }

  /**
   * @returns a value for `stringifyRaw()`
   * @throws ApiError 404 if the project has no such video, or it was removed too long ago
   */
  async restore(projectId: number, id: string): Promise<VideoDto> {
    if (!(await this.removal.restore({ projectId, id, kind: VIDEOS })))
      throw notFound('No video has this id');
    return this.find(projectId, id);
  }

  /**
   * @returns a value for `stringifyRaw()`
   * @throws ApiError 400 for an unknown cursor
   */
  async list(
    projectId: number,
    { systemName, externalId, limit, after }: VideosQueryDto,
  ): Promise<VideosPageDto> {
    const filter = { kind: VIDEOS, systemName, externalId };
    const page = await this.repository.page(filter, { projectId, limit, after });
    if (page === null) throw unknownCursor();
    const { rows, ...more } = page;
    return { results: rows.map((row) => this.toDto(row)), ...more };
  }

  private toDto({ asset: file, ...video }: MediaWithAsset): VideoDto {
    const { id, version, systemName, externalId, title, metadataText, createdAt, updatedAt } = video;
    const { mimeType, sha256 } = file;
    const { width, height, duration } = { ...UNKNOWN, ...file.facts };
    const url = this.urls.original(file.storageKey);
    return {
      id,
      version,
      mediaType: 'video',
      systemName,
      externalId,
      title,
      asset: { url, mimeType, width, height, duration, size: Number(file.size), sha256 },
      metadata: metadataText === null ? video.metadata : new RawJson(metadataText),
      createdAt,
      updatedAt,
    };
  }
}
