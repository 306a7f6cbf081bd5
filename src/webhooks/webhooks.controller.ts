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
    summary: 'What was delivered and tried, newest first',
    description:
      'One delivery for each message, with every attempt to hand it over. A page that is not the last one has a `cursor`; given as `after`, it leads to the next page.',
  })
  @ApiOkResponse({ type: DeliveriesPageDto })
  @ApiErrors({ 400: { limit: 'This must be a whole number from 1 to 500' } })
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
    summary: 'Send a message again, with the same webhook-id',
    description:
      'The next attempt is made at once, and if it fails, the schedule starts over; earlier attempts stay on record. Allowed in every state: a receiver that may get a message twice tells it by its `webhook-id`.',
  })
  @ApiParam({ name: 'id', description: 'Id of a delivery', example: 'msg_2KWPBgLlAfxdpx2AI54pPJ85' })
  @ApiOkResponse({ type: RedeliveryDto })
  @ApiErrors({ 404: { id: 'No delivery has this id' } })
  redeliver(@CurrentCaller() { projectId }: Caller, @Param('id') id: string): Promise<RedeliveryDto> {
    return this.webhooks.redeliver(projectId, id);
  }
}
