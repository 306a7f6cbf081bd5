import { Controller, HttpCode, Post, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentCaller, type Caller } from '../../auth/caller.js';
import { RequireScopes } from '../../auth/require-scopes.decorator.js';
import { ApiErrors } from '../../http/api-errors.decorator.js';
import { STREAMED_TYPES, StreamedBody } from '../../http/streamed-body.js';
import { ReconcileQueryDto } from './reconcile.dto.js';
import { ReconcileService } from './reconcile.service.js';

const SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

const ANSWER = [
  {
    type: 'manifest',
    systemName: 'identity-of-the-archive',
    kind: 'videos',
    format: 'csv',
    encoding: 'utf-8',
    byteOrderMark: false,
    delimiter: ',',
    columns: ['externalId', 'sha256', 'size'],
    ignoredColumns: [],
  },
  { type: 'missing', externalId: 'interview-2019-11-21', line: 2, expected: { size: 28672 } },
  { type: 'fault', line: 3, column: 7, field: 'sha256', sentence: 'Must be 64 hexadecimal digits' },
  { type: 'summary', rows: 2, matched: 0, missing: 1, extra: 0, different: 0, faults: 1 },
]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join('');

@ApiTags('Import')
@Controller('imports')
@RequireScopes('public-api:read')
export class ReconcileController {
  constructor(private readonly reconciliation: ReconcileService) {}

  @Post('reconcile')
  @HttpCode(200)
  @StreamedBody()
  @ApiOperation({
    operationId: 'reconcile',
    summary: 'Compare a manifest with the library',
    description:
      'The body is your manifest, of any length: CSV with a header line, or one JSON object per line. Fields: `externalId`, ' +
      'and optionally `sha256` and `size` (bytes; in CSV also `bytes`); others are ignored. The encoding (UTF-8, UTF-16 ' +
      'with byte order mark, or Windows-1252) and the delimiter are detected. `Content-Encoding: gzip` is accepted. ' +
      'Nothing is changed.\n\n' +
      'The response follows when the manifest has arrived: one JSON object per line, whose `type` is `manifest` (how the ' +
      'manifest was read), then `missing` (in the manifest, not in the library), `extra` (in the library, not in the ' +
      'manifest), `different` (another hash or size), `fault` (a line that cannot be read, or repeats an `externalId`; it ' +
      'counts as neither), and at the end `summary`. `rows` is the sum of `matched`, `missing`, `different` and `faults`. ' +
      'A response without `summary` was interrupted and proves nothing.',
  })
  @ApiConsumes(...STREAMED_TYPES)
  @ApiBody({
    required: true,
    description: 'The manifest; a line may have at most 65536 bytes',
    schema: { type: 'string' },
    examples: {
      csv: { value: `externalId,sha256,size\r\ninterview-2019-11-21,${SHA256},28672\r\n` },
    },
  })
  @ApiOkResponse({
    description: 'Streamed; if it cannot be completed, the connection is closed before the `summary`',
    content: { 'application/x-ndjson': { schema: { type: 'string' }, example: ANSWER } },
  })
  @ApiErrors({
    400: { externalId: 'Required: a column of this name in the header line' },
    408: { body: 'Must arrive in full within the time limit, without long pauses' },
    413: { body: 'Must have at most 20000000 entries' },
    415: { 'content-type': 'Must be text/csv or application/x-ndjson' },
  })
  reconcile(
    @CurrentCaller() { projectId }: Caller,
    @Query() query: ReconcileQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    return this.reconciliation.reconcile(projectId, query, request, reply);
  }
}
