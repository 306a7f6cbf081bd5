import type { AddressInfo } from 'node:net';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Environment } from '../../config/environment.js';

/** Where clients find stored files: the media route of this service, or whatever stands in front of it. */
@Injectable()
export class MediaUrls {
  /** Follows the storage key in the URL that is made for players: a query with its question mark, or nothing. */
  readonly suffix: string;
  readonly service: string;

  constructor(
    private readonly environment: Environment,
    private readonly host: HttpAdapterHost,
  ) {
    const { VIDEO_URL_QUERY, VIDEO_SERVICE } = environment;
    this.suffix = VIDEO_URL_QUERY === '' ? '' : `?${VIDEO_URL_QUERY}`;
    this.service = VIDEO_SERVICE;
  }

  /** Ends with a slash; a storage key follows. */
  get base(): string {
    const { PUBLIC_URL, VIDEO_BASE_URL } = this.environment;
    const base = VIDEO_BASE_URL ?? `${PUBLIC_URL ?? `http://localhost:${this.port}`}/media`;
    return base.endsWith('/') ? base : `${base}/`;
  }

  original(storageKey: string): string {
    return this.base + storageKey;
  }

  url(storageKey: string): string {
    return this.base + storageKey + this.suffix;
  }

  /** With PORT 0 only the server knows, and only since it listens. */
  private get port(): number {
    const { PORT } = this.environment;
    if (PORT !== 0) return PORT;
    const address: AddressInfo | string | null = this.host.httpAdapter.getHttpServer().address();
    return address === null || typeof address === 'string' ? PORT : address.port;
  }
}
