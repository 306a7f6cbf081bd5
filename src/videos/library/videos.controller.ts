import { Controller, Delete, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../../auth/caller.js';
import { RequireScopes } from '../../auth/require-scopes.decorator.js';
import { ApiErrors } from '../../http/api-errors.decorator.js';
import { stringifyRaw } from '../../http/raw-json.js';
import { removalOf, restoringOf } from '../../media/library/removal-docs.js';
import { VideoDto, VideosPageDto, VideosQueryDto } from './video.dto.js';
import { VideosService } from './videos.service.js';

const MEDIA_ID = {
  name: 'mediaId',
  description: 'The `mediaId` from the status of the import',
  example: 'jjiwhsf23kdk',
};
const JSON_UTF8 = 'application/json; charset=utf-8';

@ApiTags('Videos')
@Controller('videos')
export class VideosController {
  constructor(private readonly videos: VideosService) {}

  @Get()
  @RequireScopes('public-api:read')
  @ApiOperation({ operationId: 'listVideos', summary: 'List videos, newest first' })
  @ApiOkResponse({ type: VideosPageDto })
  @ApiErrors({ 400: { limit: 'Must be an integer from 1 to 500' } })
  @Header('content-type', JSON_UTF8)
  async list(@CurrentCaller() caller: Caller, @Query() query: VideosQueryDto): Promise<string> {
    return stringifyRaw(await this.videos.list(caller.projectId, query));
  }

  @Get(':mediaId')
  @RequireScopes('public-api:read')
  @ApiOperation({ operationId: 'getVideo', summary: 'Get a video' })
  @ApiParam(MEDIA_ID)
  @ApiOkResponse({ type: VideoDto })
  @ApiErrors({ 404: { id: 'No video has this id' } })
  @Header('content-type', JSON_UTF8)
  async find(@CurrentCaller() caller: Caller, @Param('mediaId') mediaId: string): Promise<string> {
    return stringifyRaw(await this.videos.find(caller.projectId, mediaId));
  }

  @Delete(':mediaId')
  @HttpCode(204)
  @RequireScopes('public-api:write')
  @ApiOperation({ operationId: 'removeVideo', summary: 'Remove a video', description: removalOf('video') })
  @ApiParam(MEDIA_ID)
  @ApiNoContentResponse({ description: 'Removed, now or before' })
  @ApiErrors({ 404: { id: 'No video has this id' } })
  remove(@CurrentCaller() caller: Caller, @Param('mediaId') mediaId: string): Promise<void> {
    return this.videos.remove(caller.projectId, mediaId);
  }

  @Post(':mediaId/restore')
  @HttpCode(200)
  @RequireScopes('public-api:write')
  @ApiOperation({
    operationId: 'restoreVideo',
    summary: 'Restore a removed video',
    description: restoringOf('video'),
  })
  @ApiParam(MEDIA_ID)
  @ApiOkResponse({ type: VideoDto })
  @ApiErrors({ 404: { id: 'No video has this id' } })
  @Header('content-type', JSON_UTF8)
  async restore(@CurrentCaller() caller: Caller, @Param('mediaId') mediaId: string): Promise<string> {
    return stringifyRaw(await this.videos.restore(caller.projectId, mediaId));
  }
}
