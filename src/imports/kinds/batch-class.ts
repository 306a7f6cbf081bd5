import { ArrayOf } from '../../http/array-of.decorator.js';
import { Choice } from '../../http/validators/choice.js';
import { DateTime } from '../../http/validators/date-time.js';
import { HttpUri } from '../../http/validators/http-uri.js';
import { JsonObject } from '../../http/validators/json-object.js';
import { Text } from '../../http/validators/text.js';
import { WebhookEvents } from '../events/webhook-events.decorator.js';
import { PRIORITIES, type Priority } from '../priority.js';
import { dtoClass } from './generated-class.js';
import type { KindRoutes } from './kind-routes.js';

/** A batch of any kind; the entries are in the field with the name of the kind. */
export class Batch {
  systemName: string;
  webhook?: string;
  webhookEvents?: string[];
  context?: Record<string, unknown>;
  notBefore?: string;
  priority?: Priority;
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
    notBefore: DateTime({
      maxDaysAhead: 30,
      description: 'Earliest time of the first attempts, at most 30 days ahead; default: at once',
      example: '2020-01-02T02:00:00Z',
    }),
    priority: Choice(PRIORITIES, {
      optional: true,
      description:
        'Order among the imports of your project: while items of a higher one can run, those of a lower one wait. It ' +
        'takes nothing from other projects',
      default: 'normal',
    }),
    [name]: ArrayOf(() => Entry, {
      max: ({ maxBatchItems }) => maxBatchItems,
      documentedMax: 10_000,
      uniqueBy: 'id',
      description: `The ${name}, from 1 to MAX_BATCH_ITEMS`,
    }),
  });
}
