import { type DynamicModule, Module } from '@nestjs/common';
import { ImportsCoreModule } from '../imports-core.module.js';
import { kindController } from './kind-routes.controller.js';
import { KindImportsService } from './kind-imports.service.js';
import type { KindRoutes } from './kind-routes.js';

/** The generated routes of kinds. */
@Module({ imports: [ImportsCoreModule], providers: [KindImportsService], exports: [KindImportsService] })
export class KindRoutesModule {
  static of(kinds: readonly KindRoutes[]): DynamicModule {
    return { module: KindRoutesModule, controllers: kinds.map((kind) => kindController(kind)) };
  }
}
