import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Extensions } from '../../extension/extensions.js';
import { ImportKinds } from '../../imports/import-kinds.js';
import { MediaUrls } from '../serving/media-urls.js';
import { mediaCodes } from './media-kind-routes.js';
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
    const { extensions, kinds, urls } = this;
    for (const kind of extensions.mediaKinds) {
      const codes = mediaCodes(kind, extensions.stepCodesOf(kind.name));
      kinds.add(mediaImportKind(kind, codes, urls));
    }
  }
}
