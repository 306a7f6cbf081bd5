import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { RequireScopes } from '../auth/require-scopes.decorator.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { DeliveriesPageDto, DeliveriesQueryDto, RedeliveryDto } from './webhook-delivery.dto.js';
import { WebhooksService } from './webhooks.service.js';

@ApiTags('Webhooks')
@Controller('webhooks/deliveries')
@RequireScopes('public-api:write')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Get()
  @ApiOperation({
    operationId: 'listWebhookDeliveries',
    summary: 'List webhook deliveries, newest first',
    description:
      'One delivery per message, with all of its attempts. Pass the `cursor` of a page as `after` to get the next one. Without a `cursor` there are no more results.',
  })
  @ApiOkResponse({ type: DeliveriesPageDto })
  @ApiErrors({ 400: { limit: 'Must be an integer from 1 to 500' } })
  list(
    @CurrentCaller() { projectId }: Caller,
    @Query() query: DeliveriesQueryDto,
  ): Promise<DeliveriesPageDto> {
    return this.webhooks.list(projectId, query);
  }

  @Post(':id/redeliver')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'redeliverWebhook',
    summary: 'Redeliver a message with the same webhook-id',
    description:
      'The next attempt starts at once; if it fails, the schedule starts over. Earlier attempts stay on record. Allowed in every state: receivers deduplicate on `webhook-id`.',
  })
  @ApiParam({ name: 'id', description: 'Id of a delivery', example: 'msg_2KWPBgLlAfxdpx2AI54pPJ85' })
  @ApiOkResponse({ type: RedeliveryDto })
  @ApiErrors({ 404: { id: 'No delivery has this id' } })
  redeliver(@CurrentCaller() { projectId }: Caller, @Param('id') id: string): Promise<RedeliveryDto> {
    return this.webhooks.redeliver(projectId, id);
  }
}
