import { type DynamicModule, Module } from '@nestjs/common';
import { ImportEventsModule } from '../events/import-events.module.js';
import { ImportsCoreModule } from '../imports-core.module.js';
import { kindController } from './kind-routes.controller.js';
import { KindImportsService } from './kind-imports.service.js';
import type { KindRoutes } from './kind-routes.js';

/** The generated routes of kinds. */
@Module({
  imports: [ImportsCoreModule, ImportEventsModule],
  providers: [KindImportsService],
  exports: [KindImportsService],
})
export class KindRoutesModule {
  static of(kinds: readonly KindRoutes[]): DynamicModule {
    return { module: KindRoutesModule, controllers: kinds.map((kind) => kindController(kind)) };
  }
}
