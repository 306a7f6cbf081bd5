import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse } from '@nestjs/swagger';
import { ApiErrors } from '../../http/api-errors.decorator.js';
import { SMALLER_BODY } from '../../http/fastify-error.js';
import { DATABASE_AWAY } from '../../http/known-error.js';
import { ImportVideosDto } from './import-videos.dto.js';
import { ImportAcceptedDto } from './status.dto.js';

const VIDEO = {
  url: 'https://archive.example.com/videos/2019/interview.mp4',
  id: 'interview-2019-11-21',
  fileName: 'my video',
  metadata: { title: 'my video', credit: 'Jane Doe' },
};

const ID = '$response.body#/id';

/** OpenAPI links that use the id of the response. */
const LINKS = {
  status: {
    operationId: 'getImportVideosStatus',
    parameters: { id: ID },
    description: 'Status of the batch',
  },
  items: {
    operationId: 'listImportItems',
    parameters: { id: ID },
    description: 'Items of the batch, page by page',
  },
  report: { operationId: 'getImportReport', parameters: { id: ID }, description: 'Report of the batch' },
};

/** Documents the route that accepts batches. */
export function ApiAccepts(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'Repeating a request with the same key and body within 7 days returns the same id and creates nothing',
      schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]{1,255}$' },
    }),
    ApiBody({
      type: ImportVideosDto,
      examples: {
        small: { summary: 'Minimal', value: { systemName: 'identity-of-the-archive', videos: [VIDEO] } },
        full: {
          summary: 'With a webhook',
          value: {
            systemName: 'identity-of-the-archive',
            webhook: 'https://partner.example.com/hooks/reelport',
            context: { batch: 17 },
            videos: [VIDEO],
          },
        },
      },
    }),
    ApiOkResponse({ type: ImportAcceptedDto, description: 'The batch is stored durably', links: LINKS }),
    ApiErrors({
      400: {
        webook: 'Unknown field. Did you mean "webhook"?',
        'videos.3.url': 'Must start with http:// or https://',
        'videos.7.id': 'Must be unique within the batch; duplicates videos.2.id',
      },
      413: { body: SMALLER_BODY },
      415: { 'content-type': 'Must be application/json' },
      422: { 'Idempotency-Key': 'Idempotency key was already used with a different body' },
      503: { service: DATABASE_AWAY },
    }),
  );
}
