import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  type StreamableFile,
} from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { RequireScopes } from '../auth/require-scopes.decorator.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { DATABASE_AWAY } from '../http/known-error.js';
import { stringifyRaw } from '../http/raw-json.js';
import { ImportCancelledDto } from './cancel/cancel.dto.js';
import { IdempotencyKey } from './accept/idempotency-key.decorator.js';
import { CancelService } from './cancel/cancel.service.js';
import { WaitingStatus } from './events/waiting-status.js';
import { FailuresDto, FailuresQueryDto } from './failures/failures.dto.js';
import { FailuresService } from './failures/failures.service.js';
import { ImportHostsDto, ImportHostsQueryDto } from './import-hosts/import-hosts.dto.js';
import { ImportHostsService } from './import-hosts/import-hosts.service.js';
import { ItemDetailDto } from './item-detail/item-detail.dto.js';
import { ItemDetailService } from './item-detail/item-detail.service.js';
import { ApiImportId, ApiReportAnswer, ApiRequestAnswer } from './imports.docs.js';
import { ImportItemsPageDto, ItemsQueryDto } from './list/item.dto.js';
import { ItemsService } from './list/items.service.js';
import { ImportDto, ImportQueryDto, ImportsPageDto, ImportsQueryDto } from './list/import.dto.js';
import { ImportsService } from './list/imports.service.js';
import { ApplyService } from './plan/apply.service.js';
import { ReportQueryDto } from './report/report.dto.js';
import { ReportService } from './report/report.service.js';
import { RequestService } from './request/request.service.js';
import { ImportRetriedDto } from './retry/retry.dto.js';
import { RetryService } from './retry/retry.service.js';
import { ImportAcceptedDto } from './status/status.dto.js';
import { ItemSubsetDto } from './subset/subset.dto.js';

const JSON_UTF8 = 'application/json; charset=utf-8';

@ApiTags('Import')
@Controller('imports')
@RequireScopes('public-api:write')
export class ImportsController {
  constructor(
    private readonly imports: ImportsService,
    private readonly waiting: WaitingStatus,
    private readonly items: ItemsService,
    private readonly details: ItemDetailService,
    private readonly failures: FailuresService,
    private readonly hosts: ImportHostsService,
    private readonly requests: RequestService,
    private readonly retries: RetryService,
    private readonly cancellations: CancelService,
    private readonly reports: ReportService,
    private readonly plans: ApplyService,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listImports',
    summary: 'List imports, newest first',
    description:
      'Pass the `cursor` of a page as `after` to get the next one. Without a `cursor` there are no more results.',
  })
  @ApiOkResponse({ type: ImportsPageDto })
  @ApiErrors({
    400: { state: 'Must be "started", "planned", "success" or "failed"' },
    503: { service: DATABASE_AWAY },
  })
  list(@CurrentCaller() { projectId }: Caller, @Query() query: ImportsQueryDto): Promise<ImportsPageDto> {
    return this.imports.list(projectId, query);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getImport', summary: 'Get an import with its item counts' })
  @ApiImportId()
  @ApiOkResponse({ type: ImportDto })
  @ApiErrors({ 400: { wait: 'Must be an integer from 1 to 60' } })
  async find(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query() { wait }: ImportQueryDto,
    @Req() request: FastifyRequest,
  ): Promise<ImportDto> {
    const found = await this.imports.find(caller.projectId, id);
    if (wait === undefined || found.finishedAt !== null) return found;
    await this.waiting.wait(caller, id, wait, request);
    return this.imports.find(caller.projectId, id);
  }

  @Get(':id/items')
  @ApiOperation({
    operationId: 'listImportItems',
    summary: 'Items of the import, in request order',
    description:
      'An item that waits for a retry shows its last failure, its attempts so far and the time of the next attempt. ' +
      'Successful and skipped items include their result in the same form as the status of the import.',
  })
  @ApiImportId()
  @ApiOkResponse({ type: ImportItemsPageDto })
  @ApiErrors({ 400: { after: 'Must be the cursor of a previous page' } })
  listItems(
    @CurrentCaller() { projectId }: Caller,
    @Param('id') id: string,
    @Query() query: ItemsQueryDto,
  ): Promise<ImportItemsPageDto> {
    return this.items.list(projectId, id, query);
  }

  @Get(':id/items/:position')
  @ApiOperation({
    operationId: 'getImportItem',
    summary: 'Get an item with its failed attempts, and why it waits',
    description: 'A list of items shows the position of each; `q` finds an item by its `externalId`.',
  })
  @ApiImportId()
  @ApiParam({ name: 'position', description: 'Position in the batch, starting at 0', example: '0' })
  @ApiOkResponse({ type: ItemDetailDto })
  @Header('content-type', JSON_UTF8)
  async findItem(
    @CurrentCaller() { projectId }: Caller,
    @Param('id') id: string,
    @Param('position') position: string,
  ): Promise<string> {
    return stringifyRaw(await this.details.find(projectId, id, position));
  }

  @Get(':id/failures')
  @ApiOperation({
    operationId: 'listImportFailures',
    summary: 'Failures of an import in groups, with their cures',
    description:
      'Items with the same code, host and HTTP status form a group. Groups of items that Reelport tries again by itself ' +
      'are `waiting`; the other items are failed, and `POST …/retry` with the `code` and `host` of their group runs them ' +
      'again.',
  })
  @ApiImportId()
  @ApiOkResponse({ type: FailuresDto })
  @ApiErrors({ 400: { limit: 'Must be an integer from 1 to 500' } })
  listFailures(
    @CurrentCaller() { projectId }: Caller,
    @Param('id') id: string,
    @Query() query: FailuresQueryDto,
  ): Promise<FailuresDto> {
    return this.failures.list(projectId, id, query);
  }

  @Get(':id/hosts')
  @ApiOperation({
    operationId: 'listImportHosts',
    summary: 'Progress of an import by host, with bytes, rates, and the throttle of each host',
  })
  @ApiImportId()
  @ApiOkResponse({ type: ImportHostsDto })
  @ApiErrors({ 400: { limit: 'Must be an integer from 1 to 500' } })
  listHosts(
    @CurrentCaller() { projectId }: Caller,
    @Param('id') id: string,
    @Query() query: ImportHostsQueryDto,
  ): Promise<ImportHostsDto> {
    return this.hosts.list(projectId, id, query);
  }

  @Post(':id/retry')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'retryImport',
    summary: 'Retry the failed items, or a subset of them',
    description:
      'Retries within the same import, including failures that are not `retryable`; every item gets its full number of ' +
      'attempts again. The import is `started` until they have finished; then its webhook is sent again with a new ' +
      '`webhook-id`. Without failed items nothing changes. With a body, only the failed items that satisfy all of its ' +
      'fields run again; the others stay failed. `dryRun` only counts them.',
  })
  @ApiImportId()
  @ApiBody({ type: ItemSubsetDto, required: false })
  @ApiOkResponse({ type: ImportRetriedDto })
  @ApiErrors({ 409: { state: 'Import is still running; wait until it has finished, or cancel it' } })
  retry(
    @CurrentCaller() { projectId }: Caller,
    @Param('id') id: string,
    @Body() subset: ItemSubsetDto,
  ): Promise<ImportRetriedDto> {
    return this.retries.retry(projectId, id, subset);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'cancelImport',
    summary: 'Cancel pending items and abort running ones',
    description:
      'Cancelled items are `failed` with the code `CANCELLED`; finished items keep their outcome. The import finishes, ' +
      'and its webhook is sent. With a body, only the unfinished items that satisfy all of its fields are cancelled, ' +
      'and the import goes on with the others; `code` is that of the last failure. `dryRun` only counts them.',
  })
  @ApiImportId()
  @ApiBody({ type: ItemSubsetDto, required: false })
  @ApiOkResponse({ type: ImportCancelledDto })
  @ApiErrors({ 409: { state: 'Import has already finished' } })
  cancel(
    @CurrentCaller() { projectId }: Caller,
    @Param('id') id: string,
    @Body() subset: ItemSubsetDto,
  ): Promise<ImportCancelledDto> {
    return this.cancellations.cancel(projectId, id, subset);
  }

  @Post(':id/apply')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'applyImport',
    summary: 'Run a plan',
    description:
      'Imports the planned items. They keep their prediction next to the outcome. The import counts as accepted now: of ' +
      'two imports of the same id, the one accepted later wins. With an `Idempotency-Key`, a repeated request gets the ' +
      'same response.',
  })
  @ApiImportId()
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'Repeating the request with the same key within 7 days returns the same id and changes nothing',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]{1,255}$' },
  })
  @ApiOkResponse({ type: ImportAcceptedDto })
  @ApiErrors({
    400: { 'Idempotency-Key': 'Must be 1 to 255 printable ASCII characters' },
    409: { state: 'Import is still being planned; wait until its status is finished' },
    422: { 'Idempotency-Key': 'Idempotency key was already used with a different request' },
  })
  apply(
    @CurrentCaller() { projectId }: Caller,
    @Param('id') id: string,
    @IdempotencyKey() key: string | undefined,
  ): Promise<ImportAcceptedDto> {
    return this.plans.apply(projectId, id, key);
  }

  @Get(':id/report')
  @ApiOperation({
    operationId: 'getImportReport',
    summary: 'Download the report: one line per item',
    description:
      'Items are in request order; the report is available while the import runs. `mediaId`, `sha256`, `bytes` and `url` ' +
      'describe the stored file at the time the item finished. In CSV, a value that a spreadsheet would take for a ' +
      'formula is prefixed with an apostrophe; NDJSON contains it unchanged. Reports of plans end with the columns ' +
      '`predicted` (the action) and `predictedCode`.',
  })
  @ApiImportId()
  @ApiReportAnswer()
  @ApiErrors({ 400: { format: 'Must be "csv" or "ndjson"' } })
  report(
    @CurrentCaller() { projectId }: Caller,
    @Param('id') id: string,
    @Query() query: ReportQueryDto,
  ): Promise<StreamableFile> {
    return this.reports.stream(projectId, id, query);
  }

  @Get(':id/request')
  @ApiOperation({
    operationId: 'getImportRequest',
    summary: 'Download the batch of the import, as you posted it',
    description:
      'Rebuilt from what is stored: fields that equal their default are left out, and URLs lack their queries, which may ' +
      'contain signatures. Numbers of `metadata` and `context` keep every digit.',
  })
  @ApiImportId()
  @ApiRequestAnswer()
  request(@CurrentCaller() { projectId }: Caller, @Param('id') id: string): Promise<StreamableFile> {
    return this.requests.stream(projectId, id);
  }
}
