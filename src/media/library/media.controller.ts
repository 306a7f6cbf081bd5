import {
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  type Type,
} from '@nestjs/common';
import {
  ApiExtraModels,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../../auth/caller.js';
import { RequireScopes } from '../../auth/require-scopes.decorator.js';
import type { MediaKindPart } from '../../extension/define-media-kind.js';
import { ApiErrors } from '../../http/api-errors.decorator.js';
import { stringifyRaw } from '../../http/raw-json.js';
import { mediaClasses } from './media-classes.js';
import { MediaQueryDto } from './media.dto.js';
import { MediaVersionsDto } from './media-version.dto.js';
import { removalOf, restoringOf } from './removal-docs.js';
import { MediaService } from './media.service.js';

const MEDIA_ID = {
  name: 'mediaId',
  description: 'The `mediaId` from the status of the import',
  example: 'jjiwhsf23kdk',
};
const JSON_UTF8 = 'application/json; charset=utf-8';

/** Creates the controller of the library; its documentation has the facts of these kinds. */
export function mediaController(kinds: readonly MediaKindPart[]): Type {
  const { assets, Medium, Page } = mediaClasses(kinds);

  @ApiTags('Media')
  @Controller('media')
  class MediaController {
    constructor(@Inject(MediaService) private readonly media: MediaService) {}

    @Get()
    @RequireScopes('public-api:read')
    @ApiOperation({ operationId: 'listMedia', summary: 'List media of every kind, newest first' })
    @ApiExtraModels(...assets)
    @ApiOkResponse({ type: Page })
    @ApiErrors({ 400: { limit: 'Must be an integer from 1 to 500' } })
    @Header('content-type', JSON_UTF8)
    async list(@CurrentCaller() caller: Caller, @Query() query: MediaQueryDto): Promise<string> {
      return stringifyRaw(await this.media.list(caller.projectId, query));
    }

    @Get(':mediaId')
    @RequireScopes('public-api:read')
    @ApiOperation({ operationId: 'getMedium', summary: 'Get a medium of any kind' })
    @ApiParam(MEDIA_ID)
    @ApiOkResponse({ type: Medium })
    @ApiErrors({ 404: { id: 'No medium has this id' } })
    @Header('content-type', JSON_UTF8)
    async find(@CurrentCaller() caller: Caller, @Param('mediaId') mediaId: string): Promise<string> {
      return stringifyRaw(await this.media.find(caller.projectId, mediaId));
    }

    @Get(':mediaId/versions')
    @RequireScopes('public-api:read')
    @ApiOperation({
      operationId: 'listMediumVersions',
      summary: 'List the versions of a medium: source, file, time and import of each',
    })
    @ApiParam(MEDIA_ID)
    @ApiOkResponse({ type: MediaVersionsDto })
    @ApiErrors({ 404: { id: 'No medium has this id' } })
    versions(@CurrentCaller() caller: Caller, @Param('mediaId') mediaId: string): Promise<MediaVersionsDto> {
      return this.media.versions(caller.projectId, mediaId);
    }

    @Delete(':mediaId')
    @HttpCode(204)
    @RequireScopes('public-api:write')
    @ApiOperation({
      operationId: 'removeMedium',
      summary: 'Remove a medium of any kind',
      description: removalOf('medium'),
    })
    @ApiParam(MEDIA_ID)
    @ApiNoContentResponse({ description: 'Removed, now or before' })
    @ApiErrors({ 404: { id: 'No medium has this id' } })
    remove(@CurrentCaller() caller: Caller, @Param('mediaId') mediaId: string): Promise<void> {
      return this.media.remove(caller.projectId, mediaId);
    }

    @Post(':mediaId/restore')
    @HttpCode(200)
    @RequireScopes('public-api:write')
    @ApiOperation({
      operationId: 'restoreMedium',
      summary: 'Restore a removed medium',
      description: restoringOf('medium'),
    })
    @ApiParam(MEDIA_ID)
    @ApiOkResponse({ type: Medium })
    @ApiErrors({ 404: { id: 'No medium has this id' } })
    @Header('content-type', JSON_UTF8)
    async restore(@CurrentCaller() caller: Caller, @Param('mediaId') mediaId: string): Promise<string> {
      return stringifyRaw(await this.media.restore(caller.projectId, mediaId));
    }
  }
  return MediaController;
}
