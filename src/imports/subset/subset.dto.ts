import { OptionalBody } from '../../http/optional-body.js';
import { Choice } from '../../http/validators/choice.js';
import { Flag } from '../../http/validators/flag.js';
import { HttpStatus, type HttpStatusChoice } from '../../http/validators/http-status.js';
import { Text } from '../../http/validators/text.js';
import { TextList } from '../../http/validators/text-list.js';
import type { ItemSubset } from '../item/item-subset.js';
import { SHOWN_STATES, statesBehind, type ShownState } from '../shown-state.js';

/** Selects items of an import; an item has to satisfy every given field. Without any, all items are meant. */
@OptionalBody()
export class ItemSubsetDto {
  @Text({ max: 64, optional: true, description: 'Only items with this failure code', example: 'HTTP_STATUS' })
  code?: string;

  @Text({
    max: 255,
    optional: true,
    description:
      'Only items from this host, as in `host` of an item: with the port unless it is the default one',
    example: 'archive.example.com',
  })
  host?: string;

  @HttpStatus({
    description: 'Only items whose last failure consists in this HTTP status, or with `none` in no status',
  })
  httpStatus?: HttpStatusChoice;

  @TextList({
    max: 10_000,
    maxLength: 255,
    description: 'Only items with these ids from your request; ids that the import does not have are ignored',
    example: ['interview-2019-11-21'],
  })
  externalIds?: string[];

  @Choice(SHOWN_STATES, { optional: true, description: 'Only items in this state', example: 'pending' })
  state?: ShownState;

  @Text({
    max: 255,
    optional: true,
    description: 'Only items whose `externalId` or `title` contains this text, in any case',
    example: 'interview',
  })
  q?: string;

  @Flag({ description: 'Only count the items: nothing changes' })
  dryRun?: boolean;
}

export function toSubset({ code, host, httpStatus, externalIds, state, q }: ItemSubsetDto): ItemSubset {
  return { code, host, httpStatus, externalIds, q, states: state && statesBehind(state) };
}
