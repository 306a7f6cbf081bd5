import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../auth/require-scopes.decorator.js';
import { ApiErrors } from '../../http/api-errors.decorator.js';
import { DATABASE_AWAY } from '../../http/known-error.js';
import { ReceiptKeysService } from './receipt-keys.service.js';
import { ReceiptKeysDto } from './receipt.dto.js';

@ApiTags('Import')
@Controller('.well-known')
@Public()
export class ReceiptKeysController {
  constructor(private readonly keys: ReceiptKeysService) {}

  @Get('jwks.json')
  @Header('cache-control', 'public, max-age=300')
  @ApiOperation({
    operationId: 'getReceiptKeys',
    summary: 'Public keys of receipts, as a JSON Web Key Set (RFC 7517)',
    security: [],
  })
  @ApiOkResponse({ type: ReceiptKeysDto })
  @ApiErrors({
    429: { address: 'Rate limit exceeded for this address; retry in 20 seconds' },
    503: { service: DATABASE_AWAY },
  })
  async list(): Promise<ReceiptKeysDto> {
    return { keys: await this.keys.all() };
  }
}
