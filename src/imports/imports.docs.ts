import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiParam } from '@nestjs/swagger';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { DATABASE_AWAY } from '../http/known-error.js';

/** What every route of one import says of its id. */
export function ApiImportId(): MethodDecorator {
  return applyDecorators(
    ApiParam({ name: 'id', description: 'The id that the batch was answered with', example: '25bzj8jk' }),
    ApiErrors({ 404: { id: 'No import has this id' }, 503: { service: DATABASE_AWAY } }),
  );
}

const CSV_EXAMPLE = [
  'externalId,state,code,reason,mediaId,sha256,bytes,url',
  'interview-2019-11-21,failed,HTTP_STATUS,the server answered 404,,,,',
  '',
].join('\r\n');

const NDJSON_EXAMPLE = `${JSON.stringify({
  externalId: 'interview-2019-11-21',
  state: 'failed',
  code: 'HTTP_STATUS',
  reason: 'the server answered 404',
  mediaId: null,
  sha256: null,
  bytes: null,
  url: null,
})}\n`;

/** The two forms of a report. */
export function ApiReportAnswer(): MethodDecorator {
  return ApiOkResponse({
    description: 'Streamed; where it breaks off, so does the connection',
    content: {
      'text/csv': { schema: { type: 'string' }, example: CSV_EXAMPLE },
      'application/x-ndjson': { schema: { type: 'string' }, example: NDJSON_EXAMPLE },
    },
  });
}
