import { ApiProperty } from '@nestjs/swagger';
import { Choice } from '../../http/validators/choice.js';
import { HttpStatus, type HttpStatusChoice } from '../../http/validators/http-status.js';
import { PageLimit } from '../../http/validators/page-limit.js';
import { Text } from '../../http/validators/text.js';
import { SHOWN_STATES, type ShownState } from '../shown-state.js';
import { PredictionDto } from '../plan/prediction.dto.js';
import { PREDICTED_ACTIONS, type PredictedAction } from '../prediction.js';
import type { ItemRow } from './items.repository.js';

const CURSOR = 'p49';

export class ItemsQueryDto {
  @Choice(SHOWN_STATES, { optional: true, description: 'Only items in this state', example: 'failed' })
  state?: ShownState;

  @Text({ max: 64, optional: true, description: 'Only items with this failure code', example: 'HTTP_STATUS' })
  code?: string;

  @Text({
    max: 255,
    optional: true,
    description: 'Only items from this host, as in `host` of an item',
    example: 'archive.example.com',
  })
  host?: string;

  @HttpStatus({
    isQuery: true,
    description: 'Only items whose last failure consists in this HTTP status, or with `none` in no status',
  })
  httpStatus?: HttpStatusChoice;

  @Text({
    max: 255,
    optional: true,
    description: 'Only items whose `externalId` or `title` contains this text, in any case',
    example: 'interview',
  })
  q?: string;

  @Choice(PREDICTED_ACTIONS, {
    optional: true,
    description: 'Only items for which the plan predicted this',
    example: 'create',
  })
  predicted?: PredictedAction;

  @Choice(['true', 'false'], {
    optional: true,
    description:
      'Only finished items of an applied plan whose outcome differs from the prediction in action or code, or does not',
    example: 'true',
  })
  drift?: 'true' | 'false';

  @Choice(['latest'], {
    optional: true,
    description:
      'Only items of the latest run: those that have not finished, or have since the import started, its plan was ' +
      'applied, or its items were last retried',
    example: 'latest',
  })
  run?: 'latest';

  @PageLimit({ max: 500, default: 50 })
  limit: number = 50;

  @Text({ max: 64, optional: true, description: 'Cursor of the previous page', example: CURSOR })
  after?: string;
}

export class ImportItemDto {
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Position in the batch, starting at 0',
    example: 0,
  })
  position: number;

  @ApiProperty({ description: 'The `id` from your request', example: 'interview-2019-11-21' })
  externalId: string;

  @ApiProperty({ description: 'The `fileName` from your request', example: 'my interview' })
  title: string;

  @ApiProperty({
    enum: SHOWN_STATES,
    description:
      '`pending`: waits for its first attempt or a retry. `running`: an attempt is in flight. `planned`: its outcome is ' +
      'predicted, and it waits until the plan is applied',
    example: 'pending',
  })
  state: ShownState;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'Code of the last failure, from a closed list; also set while the item waits for a retry. Null without a failure',
    example: 'HTTP_STATUS',
  })
  code: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why the item was skipped, or its last failure, in one sentence',
    example: 'Could not download it: the server answered 503',
  })
  reason: string | null;

  @ApiProperty({
    type: Boolean,
    nullable: true,
    description: 'Whether a retry can help; null without a failure',
    example: true,
  })
  retryable: boolean | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'HTTP status that the last failure consists in; null without one',
    example: 503,
  })
  httpStatus: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'Host that the item comes from, with its port unless it is the default one; null if it comes from none',
    example: 'archive.example.com',
  })
  host: string | null;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Finished attempts; attempts at an unreachable host do not count',
    example: 1,
  })
  tries: number;

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description:
      'Earliest time of the next attempt; null unless the item waits for a retry. The attempt may start later while the circuit of its host is open',
    example: '2020-01-01T13:45:22.000Z',
  })
  nextTryAt: Date | null;

  @ApiProperty({
    type: () => PredictionDto,
    required: false,
    description: 'The outcome that the plan predicted; kept when the plan is applied. Only for planned items',
  })
  prediction?: PredictionDto;
}

export class ImportItemsPageDto {
  @ApiProperty({ type: () => ImportItemDto, isArray: true, description: 'In request order' })
  results: ImportItemDto[];

  @ApiProperty({
    required: false,
    description: 'Pass it as `after` to get the next page; if absent, there are no more results',
    example: CURSOR,
  })
  cursor?: string;
}

/** @param noun field name of the result, if there is one */
export function toItemDto({ result, prediction, ...item }: ItemRow, noun: string): ImportItemDto {
  return { ...item, ...(prediction !== null && { prediction }), ...(result !== null && { [noun]: result }) };
}
