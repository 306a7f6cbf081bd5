import { type DynamicModule, Module } from '@nestjs/common';
import type { Extensions } from '../extension/extensions.js';
import { KindRoutesModule } from '../imports/kinds/kind-routes.module.js';
import { mediaKindRoutes } from './kinds/media-kind-routes.js';
import { MediaCoreModule } from './media-core.module.js';

/** API for media of every kind: their import. */
@Module({ imports: [MediaCoreModule] })
export class MediaApiModule {
  static of(extensions: Extensions): DynamicModule {
    return {
      module: MediaApiModule,
      imports: [
        KindRoutesModule.of(
          extensions.mediaKinds.map((kind) => mediaKindRoutes(kind, extensions.stepCodesOf(kind.name))),
        ),
      ],
    };
  }
}
