import { ArrayOf } from '../../http/array-of.decorator.js';
import { HttpUri } from '../../http/validators/http-uri.js';
import { JsonObject } from '../../http/validators/json-object.js';
import { Text } from '../../http/validators/text.js';
import { WebhookEvents } from '../events/webhook-events.decorator.js';
import { dtoClass } from './generated-class.js';
import type { KindRoutes } from './kind-routes.js';

/** A batch of any kind; the entries are in the field with the name of the kind. */
export class Batch {
  systemName: string;
  webhook?: string;
  webhookEvents?: string[];
  context?: Record<string, unknown>;
}

/** Creates the DTO of a batch of this kind. */
export function batchClass({
  name,
  schemas,
  Entry,
}: Pick<KindRoutes, 'name' | 'schemas' | 'Entry'>): new () => Batch {
  return dtoClass(schemas.batch, Batch, {
    systemName: Text({
      max: 128,
      noControl: true,
      notBlank: true,
      description: `Source system of the ${name}`,
      example: 'identity-of-the-archive',
    }),
    webhook: HttpUri({
      optional: true,
      inContext: (url, { refusalOf }) => refusalOf(url),
      description: 'Receives a signed POST when the import is finished',
      example: 'https://partner.example.com/hooks/reelport',
    }),
    webhookEvents: WebhookEvents(),
    context: JsonObject({
      optional: true,
      maxBytes: 8_192,
      description:
        'Returned byte for byte in the webhook, up to 8 KiB. White space between tokens is removed if the object would ' +
        'exceed 8 KiB with it. Numbers may have up to 1000 digits before and 1000 after the decimal point',
      example: { batch: 17 },
    }),
    [name]: ArrayOf(() => Entry, {
      max: ({ maxBatchItems }) => maxBatchItems,
      documentedMax: 10_000,
      uniqueBy: 'id',
      description: `The ${name}, from 1 to MAX_BATCH_ITEMS`,
    }),
  });
}
