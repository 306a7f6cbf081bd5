import { Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';

/** Where clients find stored files: the media route of this service, or whatever stands in front of it. */
@Injectable()
export class MediaUrls {
  /** Ends with a slash; a storage key follows. */
  readonly base: string;
  /** Follows the storage key in the URL that is made for players: a query with its question mark, or nothing. */
  readonly suffix: string;
  readonly service: string;

  constructor({ PUBLIC_URL, PORT, VIDEO_BASE_URL, VIDEO_URL_QUERY, VIDEO_SERVICE }: Environment) {
    const base = VIDEO_BASE_URL ?? `${PUBLIC_URL ?? `http://localhost:${PORT}`}/media`;
    this.base = base.endsWith('/') ? base : `${base}/`;
    this.suffix = VIDEO_URL_QUERY === '' ? '' : `?${VIDEO_URL_QUERY}`;
    this.service = VIDEO_SERVICE;
  }

  original(storageKey: string): string {
    return this.base + storageKey;
  }

  url(storageKey: string): string {
    return this.base + storageKey + this.suffix;
  }
}
