import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { ImportFinishedEventDto, ItemsFinishedEventDto } from './event.dto.js';
import { EXAMPLES } from './events.docs.js';

const HEADERS = {
  'webhook-id': {
    description: 'Id of the delivery, the same for all of its attempts; deduplicate on it',
    example: 'msg_2KWPBgLlAfxdpx2AI54pPJ85',
  },
  'webhook-timestamp': {
    description: 'Time of the attempt, in seconds since 1970; reject one that is more than five minutes away',
    example: '1577886312',
  },
  'webhook-signature': {
    description:
      '`v1,` and the base64 of the HMAC-SHA256 of `id.timestamp.body`; several, separated by spaces, while a secret is rotated',
    example: 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  },
  'x-livingdocs-signature': {
    description: '`sha256=` and the hexadecimal HMAC-SHA256 of the body alone',
    example: 'sha256=0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9',
  },
};

const WEBHOOKS = [
  {
    name: 'import.finished',
    operationId: 'onImportFinished',
    summary: 'An import has finished',
    description: 'Sent to the `webhook` of a batch by default.',
    model: ImportFinishedEventDto,
    example: EXAMPLES.finished.value,
  },
  {
    name: 'items.finished',
    operationId: 'onItemsFinished',
    summary: 'Items have finished',
    description: 'Sent if the `webhookEvents` of the batch contain it: up to 100 items in one message.',
    model: ItemsFinishedEventDto,
    example: EXAMPLES.items.value,
  },
];

/**
 * The webhooks that partners receive, as the `webhooks` of an OpenAPI document.
 *
 * @see https://spec.openapis.org/oas/v3.1.0.html#openapi-object
 */
export function documentedWebhooks(): NonNullable<OpenAPIObject['webhooks']> {
  return Object.fromEntries(
    WEBHOOKS.map(({ name, model, example, ...texts }) => [
      name,
      {
        post: {
          ...texts,
          tags: ['Webhooks'],
          security: [],
          parameters: Object.entries(HEADERS).map(([header, { description, example: value }]) => ({
            name: header,
            in: 'header' as const,
            required: true,
            description,
            schema: { type: 'string' },
            example: value,
          })),
          requestBody: {
            required: true,
            content: { 'application/json': { schema: { $ref: getSchemaPath(model) }, example } },
          },
          responses: {
            '2XX': { description: 'The delivery is accepted' },
            '410': { description: 'The delivery ends, and is not attempted again' },
            default: {
              description:
                'The delivery is attempted again, at the earliest after `Retry-After`; redirects are not followed',
            },
          },
        },
      },
    ]),
  );
}
