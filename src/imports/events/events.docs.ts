import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import { ApiErrors } from '../../http/api-errors.decorator.js';
import { ImportFinishedEventDto, ImportProgressEventDto, ItemsFinishedEventDto } from './event.dto.js';

const EVENTS = [ImportProgressEventDto, ItemsFinishedEventDto, ImportFinishedEventDto];

const HEAD = { timestamp: '2020-01-01T13:45:12.000Z', id: '25bzj8j' };
const COUNTS = { total: 2, success: 0, skipped: 0, failed: 1 };

export const EXAMPLES = {
  progress: {
    summary: 'Progress of a running import',
    value: { type: 'import.progress', ...HEAD, state: 'started', progress: { ...COUNTS, pending: 1 } },
  },
  items: {
    summary: 'Finished items',
    value: {
      type: 'items.finished',
      ...HEAD,
      kind: 'things',
      systemName: 'identity-of-the-archive',
      items: [
        {
          externalId: 'interview-2019-11-21',
          state: 'failed',
          code: 'HTTP_STATUS',
          reason: 'Could not download it: the server answered 404',
          retryable: false,
        },
      ],
    },
  },
  finished: {
    summary: 'The end of an import',
    value: { type: 'import.finished', ...HEAD, state: 'failed', overview: { ...COUNTS, total: 1 } },
  },
};

/** What both streams have in common, for their descriptions. */
export const STREAM_RULES =
  '`items.finished` bundles up to 100 items and comes at most a second or two after they finish; `import.progress` comes ' +
  'at most once a second and has no id. To resume without a gap or a double, send the id of the last event as ' +
  '`Last-Event-ID`. A comment comes every 15 s; without one the connection is lost. The server ends a stream when it ' +
  'shuts down, when the token ends, and when the client is too slow; reconnect and resume. ' +
  'With `Accept-Encoding: gzip` a stream has about an eighth of the size.';

/** Documents a stream: its headers, its events and its errors. */
export function ApiEventStream(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'Last-Event-ID',
      required: false,
      description: 'Id of the last event that the client has seen',
      schema: { type: 'string', maxLength: 64 },
    }),
    ApiExtraModels(...EVENTS),
    ApiOkResponse({
      description:
        'A stream of events (https://html.spec.whatwg.org/multipage/server-sent-events.html); the schema is that of `data`',
      content: {
        'text/event-stream': {
          schema: { oneOf: EVENTS.map((model) => ({ $ref: getSchemaPath(model) })) },
          examples: EXAMPLES,
        },
      },
    }),
    ApiErrors({
      400: { 'Last-Event-ID': 'Must be the id of an event of this stream' },
      410: {
        'Last-Event-ID':
          'Events are kept for 168 h, and later ones may be missing; read GET /api/v1/imports/{id}/items or the report, then open a stream without a cursor',
      },
      429: {
        access_token:
          'Too many event streams and waiting calls with this token; close one, or retry in 5 seconds',
      },
    }),
  );
}
