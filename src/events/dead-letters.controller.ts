import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { RequireScopes } from '../auth/require-scopes.decorator.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { DeadLetterRetriedDto, DeadLettersPageDto, DeadLettersQueryDto } from './dead-letter.dto.js';
import { DeadLettersService } from './dead-letters.service.js';

@ApiTags('Dead letters')
@Controller('dead-letters')
export class DeadLettersController {
  constructor(private readonly deadLetters: DeadLettersService) {}

  @Get()
  @RequireScopes('public-api:read')
  @ApiOperation({
    operationId: 'listDeadLetters',
    summary: 'List events that could not be delivered to a listener, latest failure first',
    description:
      'Listeners belong to the extensions of this installation. An event becomes a dead letter of a listener when all attempts to deliver it have failed. Pass the `cursor` of a page as `after` to get the next one. Without a `cursor` there are no more results.',
  })
  @ApiOkResponse({ type: DeadLettersPageDto })
  @ApiErrors({ 400: { limit: 'Must be an integer from 1 to 500' } })
  list(
    @CurrentCaller() { projectId }: Caller,
    @Query() query: DeadLettersQueryDto,
  ): Promise<DeadLettersPageDto> {
    return this.deadLetters.list(projectId, query);
  }

  @Post(':id/retry')
  @HttpCode(200)
  @RequireScopes('public-api:write')
  @ApiOperation({
    operationId: 'retryDeadLetter',
    summary: 'Deliver the event to the listener again',
    description: 'The next attempt starts at once; if it fails, the schedule starts over.',
  })
  @ApiParam({
    name: 'id',
    description: 'Id of a dead letter',
    example: '0b5fd4a4-7c0e-4ef0-9a5c-0f3c2a9f6d11',
  })
  @ApiOkResponse({ type: DeadLetterRetriedDto })
  @ApiErrors({ 404: { id: 'No dead letter has this id' } })
  retry(@CurrentCaller() { projectId }: Caller, @Param('id') id: string): Promise<DeadLetterRetriedDto> {
    return this.deadLetters.retry(projectId, id);
  }
}
