import { Controller, Get, HttpCode, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { RequireScopes } from '../auth/require-scopes.decorator.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { DATABASE_AWAY } from '../http/known-error.js';
import { ImportCancelledDto } from './cancel/cancel.dto.js';
import { CancelService } from './cancel/cancel.service.js';
import { ApiImportId, ApiReportAnswer } from './imports.docs.js';
import { ImportItemsPageDto, ItemsQueryDto } from './list/item.dto.js';
import { ItemsService } from './list/items.service.js';
import { ImportDto, ImportsPageDto, ImportsQueryDto } from './list/import.dto.js';
import { ImportsService } from './list/imports.service.js';
import { ReportQueryDto } from './report/report.dto.js';
import { ReportService } from './report/report.service.js';
import { ImportRetriedDto } from './retry/retry.dto.js';
import { RetryService } from './retry/retry.service.js';

@ApiTags('Import')
@Controller('imports')
@RequireScopes('public-api:write')
export class ImportsController {
  constructor(
    private readonly imports: ImportsService,
    private readonly items: ItemsService,
    private readonly retries: RetryService,
    private readonly cancellations: CancelService,
    private readonly reports: ReportService,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listImports',
    summary: 'The imports of the project, newest first',
    description:
      'A page that may not be the last one has a `cursor`; given as `after`, it leads to the next.',
  })
  @ApiOkResponse({ type: ImportsPageDto })
  @ApiErrors({
    400: { state: 'This must be "started", "success" or "failed"' },
    503: { service: DATABASE_AWAY },
  })
  list(@CurrentCaller() { projectId }: Caller, @Query() query: ImportsQueryDto): Promise<ImportsPageDto> {
    return this.imports.list(projectId, query);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getImport', summary: 'One import, with its counts' })
  @ApiImportId()
  @ApiOkResponse({ type: ImportDto })
  find(@CurrentCaller() { projectId }: Caller, @Param('id') id: string): Promise<ImportDto> {
    return this.imports.find(projectId, id);
  }

  @Get(':id/items')
  @ApiOperation({
    operationId: 'listImportItems',
    summary: 'What became of each item, or will, in the order of the request',
    description:
      'While an item waits for another try, it has its last failure, how often it was tried, and when it is tried ' +
      'again. What came out of a successful or skipped item is there as the status of the import shows it.',
  })
  @ApiImportId()
  @ApiOkResponse({ type: ImportItemsPageDto })
  @ApiErrors({ 400: { after: 'This must be the cursor of the page before' } })
  listItems(
    @CurrentCaller() { projectId }: Caller,
    @Param('id') id: string,
    @Query() query: ItemsQueryDto,
  ): Promise<ImportItemsPageDto> {
    return this.items.list(projectId, id, query);
  }

  @Post(':id/retry')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'retryImport',
    summary: 'Run the failed items again, and only those',
    description:
      'In the same import, whether or not trying again was thought to help; each has all of its tries again. The import ' +
      'is `started` until they have ended, and then its webhook is sent anew, with a webhook-id of its own. Where ' +
      'nothing had failed, nothing changes.',
  })
  @ApiImportId()
  @ApiOkResponse({ type: ImportRetriedDto })
  @ApiErrors({ 409: { state: 'The import still runs' } })
  retry(@CurrentCaller() { projectId }: Caller, @Param('id') id: string): Promise<ImportRetriedDto> {
    return this.retries.retry(projectId, id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'cancelImport',
    summary: 'End what has not begun, and abort what is under way',
    description:
      'Those items are `failed` with the code `CANCELLED`; what has ended before stays as it is. The import ends with ' +
      'this, so that its webhook is sent.',
  })
  @ApiImportId()
  @ApiOkResponse({ type: ImportCancelledDto })
  @ApiErrors({ 409: { state: 'The import has ended' } })
  cancel(@CurrentCaller() { projectId }: Caller, @Param('id') id: string): Promise<ImportCancelledDto> {
    return this.cancellations.cancel(projectId, id);
  }

  @Get(':id/report')
  @ApiOperation({
    operationId: 'getImportReport',
    summary: 'The ledger: one line for each item, however many they are',
    description:
      'In the order of the request, also while the import runs. `mediaId`, `sha256`, `bytes` and `url` are those of what ' +
      'is stored, as it was when the item ended. In CSV, a value that a spreadsheet would take for a formula has an ' +
      'apostrophe in front; NDJSON has it as it is.',
  })
  @ApiImportId()
  @ApiReportAnswer()
  @ApiErrors({ 400: { format: 'This must be "csv" or "ndjson"' } })
  report(
    @CurrentCaller() { projectId }: Caller,
    @Param('id') id: string,
    @Query() query: ReportQueryDto,
  ): Promise<StreamableFile> {
    return this.reports.stream(projectId, id, query);
  }
}
