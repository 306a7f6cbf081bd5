import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Extensions } from '../../extension/extensions.js';
import { ImportKinds } from '../../imports/import-kinds.js';
import { MediaUrls } from '../serving/media-urls.js';
import { mediaImportKind } from './media-import-kind.js';

/** Adds the kinds of media to the kinds of import. */
@Injectable()
export class MediaKinds implements OnModuleInit {
  constructor(
    private readonly extensions: Extensions,
    private readonly kinds: ImportKinds,
    private readonly urls: MediaUrls,
  ) {}

  onModuleInit(): void {
    for (const kind of this.extensions.mediaKinds) this.kinds.add(mediaImportKind(kind, this.urls));
  }
}
