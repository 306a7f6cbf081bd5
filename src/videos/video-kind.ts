import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ImportKind } from '../imports/import-kind.js';
import { ImportKinds } from '../imports/import-kinds.js';
import { MediaUrls } from '../media/serving/media-urls.js';

/** Name of the kind, and of the list in the status. */
export const VIDEOS = 'videos';

/** The video kind for the API and the dispatcher. */
@Injectable()
export class VideoKind implements ImportKind, OnModuleInit {
  readonly name = VIDEOS;
  readonly resultName = 'video';
  readonly resultSql = `json_build_object(
    'mediaId', item.result->>'mediaId',
    'originalUrl', $1::text || (item.result->>'storageKey'),
    'url', $1::text || (item.result->>'storageKey') || $2::text,
    'width', item.result->'width',
    'height', item.result->'height',
    'mimeType', item.result->>'mimeType',
    'videoService', $3::text)`;
  readonly reportColumns = {
    mediaId: `item.result->>'mediaId'`,
    sha256: `item.result->>'sha256'`,
    bytes: `item.result->'size'`,
    url: `$1::text || (item.result->>'storageKey') || $2::text`,
  };

  constructor(
    private readonly kinds: ImportKinds,
    private readonly urls: MediaUrls,
  ) {}

  get resultParameters(): readonly string[] {
    return [this.urls.base, this.urls.suffix, this.urls.service];
  }

  onModuleInit(): void {
    this.kinds.add(this);
  }
}
