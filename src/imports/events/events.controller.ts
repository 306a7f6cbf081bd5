import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentCaller, type Caller } from '../../auth/caller.js';
import { RequireScopes } from '../../auth/require-scopes.decorator.js';
import { ApiImportId } from '../imports.docs.js';
import { EventStreamsService } from './event-streams.service.js';
import { EventsQueryDto } from './event.dto.js';
import { ApiEventStream, STREAM_RULES } from './events.docs.js';

/** Streams of events. They answer by themselves, because Nest and Fastify know responses that end. */
@ApiTags('Import')
@Controller()
@RequireScopes('public-api:read')
export class EventsController {
  constructor(private readonly streams: EventStreamsService) {}

  @Get('imports/:id/events')
  @ApiOperation({
    operationId: 'watchImport',
    summary: 'Watch an import by server-sent events',
    description:
      'Begins with the first event of the import that is kept, so that a new client sees every item, and ends after ' +
      '`import.finished` while the import is not retried. A client that resumes after the last event of a finished import ' +
      `gets 204, which ends the reconnects of an EventSource. ${STREAM_RULES}`,
  })
  @ApiImportId()
  @ApiEventStream()
  @ApiNoContentResponse({ description: 'The import has finished, and the client has seen its last event' })
  ofImport(
    @CurrentCaller() caller: Caller,
    @Param('id') importId: string,
    @Query() { after }: EventsQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.streams.answer({ caller, request, reply, after, importId });
  }

  @Get('events')
  @ApiOperation({
    operationId: 'watchImports',
    summary: 'Watch all imports of the project by server-sent events',
    description: `Begins with the events from now on; the stream does not end by itself. ${STREAM_RULES}`,
  })
  @ApiEventStream()
  ofProject(
    @CurrentCaller() caller: Caller,
    @Query() { after }: EventsQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.streams.answer({ caller, request, reply, after });
  }
}
