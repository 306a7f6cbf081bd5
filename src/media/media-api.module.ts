import { type DynamicModule, Module } from '@nestjs/common';
import type { Extensions } from '../extension/extensions.js';
import { KindRoutesModule } from '../imports/kinds/kind-routes.module.js';
import { mediaKindRoutes } from './kinds/media-kind-routes.js';
import { MediaKinds } from './kinds/media-kinds.js';
import { mediaController } from './library/media.controller.js';
import { MediaService } from './library/media.service.js';
import { MediaCoreModule } from './media-core.module.js';
import { ReconcileController } from './reconcile/reconcile.controller.js';
import { ReconcileService } from './reconcile/reconcile.service.js';

/** API for media of every kind: their import and the library. */
@Module({ imports: [MediaCoreModule] })
export class MediaApiModule {
  static of(extensions: Extensions): DynamicModule {
    return {
      module: MediaApiModule,
      controllers: [mediaController(extensions.mediaKinds), ReconcileController],
      providers: [MediaService, MediaKinds, ReconcileService],
      imports: [
        KindRoutesModule.of(
          extensions.mediaKinds.map((kind) => mediaKindRoutes(kind, extensions.stepCodesOf(kind.name))),
        ),
      ],
    };
  }
}
