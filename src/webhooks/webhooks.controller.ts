import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { RequireScopes } from '../auth/require-scopes.decorator.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import {
  DeliveriesPageDto,
  DeliveriesQueryDto,
  DeliveryDetailDto,
  RedeliverFailedDto,
  RedeliveredDto,
  RedeliveryDto,
} from './webhook-delivery.dto.js';
import { WebhooksService } from './webhooks.service.js';

const ID = { name: 'id', description: 'Id of a delivery', example: 'msg_2KWPBgLlAfxdpx2AI54pPJ85' };
const UNKNOWN = { id: 'No delivery has this id' };

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

  @Get(':id')
  @ApiOperation({
    operationId: 'getWebhookDelivery',
    summary: 'Get a webhook delivery with its attempts and its body',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: DeliveryDetailDto })
  @ApiErrors({ 404: UNKNOWN })
  find(@CurrentCaller() { projectId }: Caller, @Param('id') id: string): Promise<DeliveryDetailDto> {
    return this.webhooks.find(projectId, id);
  }

  @Post('redeliver')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'redeliverFailedWebhooks',
    summary: 'Redeliver all failed messages, or those since a time',
    description:
      'For a receiver that was down. Each message is redelivered as by its own `redeliver`; messages in ' +
      'other states stay as they are. `dryRun` only counts them.',
  })
  @ApiBody({ type: RedeliverFailedDto, required: false })
  @ApiOkResponse({ type: RedeliveredDto })
  @ApiErrors({ 400: { since: 'Must be a date-time with an offset, such as 2020-01-01T13:45:12.000Z' } })
  redeliverFailed(
    @CurrentCaller() { projectId }: Caller,
    @Body() which: RedeliverFailedDto,
  ): Promise<RedeliveredDto> {
    return this.webhooks.redeliverFailed(projectId, which);
  }

  @Post(':id/redeliver')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'redeliverWebhook',
    summary: 'Redeliver a message with the same webhook-id',
    description:
      'The next attempt starts at once; if it fails, the schedule starts over. Earlier attempts stay on record. Allowed in every state: receivers deduplicate on `webhook-id`.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: RedeliveryDto })
  @ApiErrors({ 404: UNKNOWN })
  redeliver(@CurrentCaller() { projectId }: Caller, @Param('id') id: string): Promise<RedeliveryDto> {
    return this.webhooks.redeliver(projectId, id);
  }
}
