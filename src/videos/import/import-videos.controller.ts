import { Body, Controller, Get, Header, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../../auth/caller.js';
import { RequireScopes } from '../../auth/require-scopes.decorator.js';
import { IdempotencyKey } from '../../imports/accept/idempotency-key.decorator.js';
import { ApiAccepts } from './import-videos.docs.js';
import { ImportVideosDto } from './import-videos.dto.js';
import { ImportVideosService } from './import-videos.service.js';
import { ApiStatusAnswers } from './status.docs.js';
import { StatusQueryDto } from './status.dto.js';

@ApiTags('Import')
@Controller('import/videos')
export class ImportVideosController {
  constructor(private readonly imports: ImportVideosService) {}

  @Post()
  @HttpCode(200)
  @RequireScopes('public-api:write')
  @ApiOperation({
    operationId: 'importVideos',
    summary: 'Import a batch of videos',
    description:
      'Responds as soon as the batch is stored durably, before any download. Every video is then downloaded, checked, ' +
      'stored and registered; `GET /api/v1/import/videos/status` and the webhook report the outcome. A video is ' +
      'identified by systemName and id: new videos are created, changed ones updated, unchanged ones skipped.',
  })
  @ApiAccepts()
  importVideos(
    @CurrentCaller() caller: Caller,
    @IdempotencyKey() key: string | undefined,
    @Body() batch: ImportVideosDto,
  ): Promise<{ id: string }> {
    return this.imports.accept(caller.projectId, batch, key);
  }

  @Get('status')
  @Header('content-type', 'application/json; charset=utf-8')
  @RequireScopes('public-api:write')
  @ApiOperation({
    operationId: 'getImportVideosStatus',
    summary: 'Get the status of a batch of videos',
    description: 'Returns the progress while the import runs, then every video in request order.',
  })
  @ApiStatusAnswers()
  status(@CurrentCaller() caller: Caller, @Query() { id }: StatusQueryDto): Promise<Buffer> {
    return this.imports.status(caller.projectId, id);
  }
}
