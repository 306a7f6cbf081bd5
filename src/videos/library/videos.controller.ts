import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../../auth/caller.js';
import { RequireScopes } from '../../auth/require-scopes.decorator.js';
import { ApiErrors } from '../../http/api-errors.decorator.js';
import { stringifyRaw } from '../../http/raw-json.js';
import { VideoDto, VideosPageDto, VideosQueryDto } from './video.dto.js';
import { VideosService } from './videos.service.js';

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
  @ApiParam({
    name: 'mediaId',
    description: 'The `mediaId` from the status of the import',
    example: 'jjiwhsf23kdk',
  })
  @ApiOkResponse({ type: VideoDto })
  @ApiErrors({ 404: { id: 'No video has this id' } })
  @Header('content-type', JSON_UTF8)
  async find(@CurrentCaller() caller: Caller, @Param('mediaId') mediaId: string): Promise<string> {
    return stringifyRaw(await this.videos.find(caller.projectId, mediaId));
  }
}
