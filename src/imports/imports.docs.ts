import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiParam } from '@nestjs/swagger';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { DATABASE_AWAY } from '../http/known-error.js';

/** Documents the id parameter of every route of a single import. */
export function ApiImportId(): MethodDecorator {
  return applyDecorators(
    ApiParam({ name: 'id', description: 'Id of the import, as returned for the batch', example: '25bzj8jk' }),
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

/** Documents both formats of a report. */
export function ApiReportAnswer(): MethodDecorator {
  return ApiOkResponse({
    description: 'Streamed; if the report cannot be completed, the connection is closed',
    content: {
      'text/csv': { schema: { type: 'string' }, example: CSV_EXAMPLE },
      'application/x-ndjson': { schema: { type: 'string' }, example: NDJSON_EXAMPLE },
    },
  });
}

/** Documents the batch of an import, whose entries are those of its kind. */
export function ApiRequestAnswer(): MethodDecorator {
  return ApiOkResponse({
    description: 'Streamed; if the batch cannot be completed, the connection is closed',
    content: {
      'application/json': {
        schema: {
          type: 'object',
          description: 'A batch of the kind of the import, in the form that its route accepts',
          properties: { systemName: { type: 'string' } },
          required: ['systemName'],
          additionalProperties: true,
        },
        example: {
          systemName: 'identity-of-the-archive',
          images: [
            {
              url: 'https://archive.example.com/images/2019/interview.jpg',
              id: 'interview-2019-11-21',
              fileName: 'my interview',
              metadata: { title: 'my interview' },
            },
          ],
        },
      },
    },
  });
}
