import type { AddressInfo } from 'node:net';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Environment } from '../../config/environment.js';
import type { StoredFile } from '../../extension/define-media-service.js';
import { Extensions } from '../../extension/extensions.js';

/** URLs of stored files: the media route of this service, or a server in front of it. */
@Injectable()
export class MediaUrls {
  /** Appended to the storage key in the URL for players: a query with its question mark, or empty. */
  readonly suffix: string;
  readonly service: string;
  /** Builds the URL for players if an extension defines the service; otherwise `base`, key and `suffix` do. */
  readonly urlOf: ((file: StoredFile) => string) | undefined;

  constructor(
    private readonly environment: Environment,
    private readonly host: HttpAdapterHost,
    extensions: Extensions,
  ) {
    const { MEDIA_URL_QUERY, MEDIA_SERVICE } = environment;
    this.suffix = MEDIA_URL_QUERY === '' ? '' : `?${MEDIA_URL_QUERY}`;
    this.service = MEDIA_SERVICE;
    const own = extensions.mediaServices.find(({ name }) => name === MEDIA_SERVICE);
    this.urlOf = own && ((file) => own.url(file));
  }

  /** Base URL with a trailing slash; a storage key follows. */
  get base(): string {
    const { PUBLIC_URL, MEDIA_BASE_URL } = this.environment;
    const base = MEDIA_BASE_URL ?? `${PUBLIC_URL ?? `http://localhost:${this.port}`}/media`;
    return base.endsWith('/') ? base : `${base}/`;
  }

  original(storageKey: string): string {
    return this.base + storageKey;
  }

  url(storageKey: string): string {
    return this.base + storageKey + this.suffix;
  }

  /** With PORT 0 only the listening server knows the port. */
  private get port(): number {
    const { PORT } = this.environment;
    if (PORT !== 0) return PORT;
    const address: AddressInfo | string | null = this.host.httpAdapter.getHttpServer().address();
    return address === null || typeof address === 'string' ? PORT : address.port;
  }
}
