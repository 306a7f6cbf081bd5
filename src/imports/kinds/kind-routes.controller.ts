import { Body, Controller, Get, Header, HttpCode, Inject, Post, Query, Req, type Type } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CurrentCaller, type Caller } from '../../auth/caller.js';
import { RequireScopes } from '../../auth/require-scopes.decorator.js';
import { capitalized } from '../../extension/schema-names.js';
import { IdempotencyKey } from '../accept/idempotency-key.decorator.js';
import { ModeOfImport } from '../accept/import-mode.decorator.js';
import type { ImportMode } from '../import.entity.js';
import { StatusQueryDto } from '../status/status.dto.js';
import { Batch, batchClass } from './batch-class.js';
import { ApiAccepts, ApiStatus } from './kind-docs.js';
import { KindImportsService } from './kind-imports.service.js';
import type { KindRoutes } from './kind-routes.js';

/** Creates the controller of a kind: `POST /api/v1/import/{kind}` and `GET /api/v1/import/{kind}/status`. */
export function kindController<Entry extends object>(kind: KindRoutes<Entry>): Type {
  const BatchOfKind = batchClass(kind);

  @ApiTags('Import')
  @Controller(`import/${kind.name}`)
  class KindController {
    constructor(@Inject(KindImportsService) private readonly imports: KindImportsService) {}

    @Post()
    @HttpCode(200)
    @RequireScopes('public-api:write')
    @ApiAccepts(kind, BatchOfKind)
    accept(
      @CurrentCaller() caller: Caller,
      @IdempotencyKey() idempotencyKey: string | undefined,
      @ModeOfImport() mode: ImportMode,
      @Body() batch: Batch,
    ): Promise<{ id: string }> {
      return this.imports.accept(kind, caller, batch, { mode, idempotencyKey });
    }

    @Get('status')
    @Header('content-type', 'application/json; charset=utf-8')
    @RequireScopes('public-api:write')
    @ApiStatus(kind)
    status(
      @CurrentCaller() caller: Caller,
      @Query() query: StatusQueryDto,
      @Req() request: FastifyRequest,
    ): Promise<Buffer> {
      return this.imports.status(kind, caller, query, request);
    }
  }
  // The compiler knows only the base of the class that the body is read into.
  Reflect.defineMetadata(
    'design:paramtypes',
    [Object, String, String, BatchOfKind],
    KindController.prototype,
    'accept',
  );
  Object.defineProperty(KindController, 'name', { value: `Import${capitalized(kind.name)}Controller` });
  return KindController;
}
