import { Controller, Get, Param, Query, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../../auth/caller.js';
import { RequireScopes } from '../../auth/require-scopes.decorator.js';
import { ApiErrors } from '../../http/api-errors.decorator.js';
import { ApiImportId } from '../imports.docs.js';
import { ImportReceiptDto, ReceiptQueryDto } from './receipt.dto.js';
import { ReceiptService } from './receipt.service.js';

const LEDGER_EXAMPLE = '{"code":"HTTP_STATUS","externalId":"interview-2019-11-21","state":"failed"}\n';

@ApiTags('Import')
@Controller('imports')
@RequireScopes('public-api:write')
export class ReceiptsController {
  constructor(private readonly receipts: ReceiptService) {}

  @Get(':id/receipt')
  @ApiOperation({
    operationId: 'getImportReceipt',
    summary: 'Signed receipt of a finished import',
    description:
      'Anyone can verify the receipt offline with the public keys at `/.well-known/jwks.json`. It stays the same until ' +
      'failed items are retried; afterwards there is a new one.',
  })
  @ApiImportId()
  @ApiOkResponse({ type: ImportReceiptDto })
  @ApiErrors({
    400: { externalId: 'Must be a string of 1 to 255 characters' },
    409: { state: 'Import has not finished; wait until it has' },
  })
  receipt(
    @CurrentCaller() { projectId }: Caller,
    @Param('id') id: string,
    @Query() { externalId }: ReceiptQueryDto,
  ): Promise<ImportReceiptDto> {
    return this.receipts.receipt(projectId, id, externalId);
  }

  @Get(':id/receipt/ledger')
  @ApiOperation({
    operationId: 'getImportLedger',
    summary: 'Lines that the receipt covers: one per item, in request order',
    description:
      'Each line is the canonical JSON (RFC 8785) of `externalId` and `state`, with `mediaId`, `sha256` and `size` of the ' +
      'stored file, or the `code` of the failure. The lines, without their line feeds, are the leaves of the Merkle tree.',
  })
  @ApiImportId()
  @ApiOkResponse({
    description: 'Streamed; if the ledger cannot be completed, the connection is closed',
    content: { 'application/x-ndjson': { schema: { type: 'string' }, example: LEDGER_EXAMPLE } },
  })
  @ApiErrors({ 409: { state: 'Import has not finished; wait until it has' } })
  ledger(@CurrentCaller() { projectId }: Caller, @Param('id') id: string): Promise<StreamableFile> {
    return this.receipts.ledger(projectId, id);
  }
}
