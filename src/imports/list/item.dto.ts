import { ApiProperty } from '@nestjs/swagger';
import { Choice } from '../../http/validators/choice.js';
import { PageLimit } from '../../http/validators/page-limit.js';
import { Text } from '../../http/validators/text.js';
import { SHOWN_STATES, type ShownState } from '../shown-state.js';
import type { ItemRow } from './items.repository.js';

const CURSOR = 'p49';

export class ItemsQueryDto {
  @Choice(SHOWN_STATES, { optional: true, description: 'Only items in this state', example: 'failed' })
  state?: ShownState;

  @PageLimit({ max: 500, default: 50 })
  limit: number = 50;

  @Text({ max: 64, optional: true, description: 'The `cursor` of the page before', example: CURSOR })
  after?: string;
}

export class ImportItemDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Place in the batch, from 0', example: 0 })
  position: number;

  @ApiProperty({ description: 'The id that you gave', example: 'interview-2019-11-21' })
  externalId: string;

  @ApiProperty({ description: 'The fileName that you gave', example: 'my interview' })
  title: string;

  @ApiProperty({
    enum: SHOWN_STATES,
    description: '`pending`: it waits for its first or its next try. `running`: a try is under way',
    example: 'pending',
  })
  state: ShownState;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What went wrong last, from a closed list; null where nothing did. Also while it waits',
    example: 'HTTP_STATUS',
  })
  code: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why it was skipped, or what went wrong last, in one sentence',
    example: 'Could not download it: the server answered 503',
  })
  reason: string | null;

  @ApiProperty({
    type: Boolean,
    nullable: true,
    description: 'Whether trying again can help; null where nothing went wrong',
    example: true,
  })
  retryable: boolean | null;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Tries that have ended; those that a host cost which could not be reached do not count',
    example: 1,
  })
  tries: number;

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description:
      'Before this time it is not tried again; null unless it waits after a failed try. Longer where its host is left alone',
    example: '2020-01-01T13:45:22.000Z',
  })
  nextTryAt: Date | null;
}

export class ImportItemsPageDto {
  @ApiProperty({ type: () => ImportItemDto, isArray: true, description: 'In the order of the request' })
  results: ImportItemDto[];

  @ApiProperty({
    required: false,
    description: 'What `after` takes for the next page; left out where there is none',
    example: CURSOR,
  })
  cursor?: string;
}

/** @param resultName under which the result is shown, where there is one */
export function toItemDto({ result, ...item }: ItemRow, resultName: string): ImportItemDto {
  return { ...item, ...(result !== null && { [resultName]: result }) };
}
