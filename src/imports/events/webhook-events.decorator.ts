import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { inWords } from '../../http/list-in-words.js';
import { SentenceRule } from '../../http/validators/sentence-rule.js';

/** Events that a webhook can receive. */
export const WEBHOOK_EVENTS: readonly string[] = ['import.finished', 'items.finished'];

export const DEFAULT_WEBHOOK_EVENTS: readonly string[] = ['import.finished'];

const WANTED = `a list of different values out of ${inWords(
  WEBHOOK_EVENTS.map((event) => `"${event}"`),
  'and',
)}`;

/** The events that the webhook of a batch receives. */
export function WebhookEvents(): PropertyDecorator {
  return applyDecorators(
    SentenceRule('webhookEvents', { optional: true, wanted: WANTED }, (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      new Set<unknown>(value).size === value.length &&
      value.every((event) => WEBHOOK_EVENTS.includes(event))
        ? undefined
        : `Must be ${WANTED}`,
    ),
    ApiProperty({
      type: String,
      enum: [...WEBHOOK_EVENTS],
      isArray: true,
      required: false,
      minItems: 1,
      uniqueItems: true,
      default: [...DEFAULT_WEBHOOK_EVENTS],
      description:
        'Events that the webhook receives. `items.finished` has up to 100 finished items (schema `ItemsFinishedEventDto`), ' +
        '`import.finished` the counts (schema `ImportFinishedEventDto`). Deliveries can arrive in any order',
    }),
  );
}
