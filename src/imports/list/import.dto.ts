import { ApiProperty } from '@nestjs/swagger';
import { Choice } from '../../http/validators/choice.js';
import { PageLimit } from '../../http/validators/page-limit.js';
import { Text } from '../../http/validators/text.js';
import {
  IMPORT_MODES,
  IMPORT_STATES,
  shownStateOf,
  type ImportMode,
  type ImportState,
} from '../import.entity.js';
import { PlanDto } from '../plan/plan.dto.js';
import { WaitSeconds } from '../status/wait-seconds.decorator.js';
import { PRIORITIES, priorityOf, type Priority } from '../priority.js';
import type { ImportRow } from './imports.repository.js';

const ID = '25bzj8jk';

export class ImportQueryDto {
  @WaitSeconds()
  wait?: number;
}

export class ImportsQueryDto {
  @Choice(IMPORT_STATES, { optional: true, description: 'Only imports in this state', example: 'started' })
  state?: ImportState;

  @Text({
    max: 128,
    optional: true,
    description: 'Only imports of this system',
    example: 'identity-of-the-archive',
  })
  systemName?: string;

  @PageLimit({ max: 500, default: 50 })
  limit: number = 50;

  @Text({ max: 64, optional: true, description: 'Cursor of the previous page', example: ID })
  after?: string;
}

export class ImportCountsDto {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'Items in the batch', example: 3 })
  total: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Created or updated', example: 1 })
  success: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Already imported and unchanged', example: 1 })
  skipped: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Not imported', example: 1 })
  failed: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Pending or running', example: 0 })
  pending: number;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    required: false,
    description: 'Predicted, and not imported before the plan is applied; only for plans',
    example: 0,
  })
  planned?: number;
}

export class CreatedByDto {
  @ApiProperty({
    description: 'Id of the access token; for an identity provider, an id derived from the subject',
    example: '0f8fad5b-d9cb-469f-a165-70867728950e',
  })
  id: string;

  @ApiProperty({
    description: 'Name of the access token at that time; for an identity provider, its name of the caller',
    example: 'archive-sync',
  })
  name: string;
}

export class ImportDto {
  @ApiProperty({ description: 'Lower-case base 36', example: ID })
  id: string;

  @ApiProperty({ description: 'Kind of the items, the last segment of the path that accepted the batch' })
  kind: string;

  @ApiProperty({ example: 'identity-of-the-archive' })
  systemName: string;

  @ApiProperty({
    enum: IMPORT_STATES,
    description:
      '`started` until every item has finished; then `success` if at least one item is success or skipped, else `failed`. ' +
      '`planned`: a plan that has not been applied',
    example: 'success',
  })
  state: ImportState;

  @ApiProperty({
    enum: IMPORT_MODES,
    description: '`plan`: the outcomes were predicted first; also after the plan was applied',
    example: 'run',
  })
  mode: ImportMode;

  @ApiProperty({
    type: () => CreatedByDto,
    nullable: true,
    description: 'Who posted the batch; null for imports of earlier releases',
  })
  createdBy: CreatedByDto | null;

  @ApiProperty({ type: () => ImportCountsDto })
  progress: ImportCountsDto;

  @ApiProperty({
    format: 'date-time',
    type: String,
    description: 'When the batch was accepted',
    example: '2020-01-01T13:45:12.000Z',
  })
  createdAt: Date;

  @ApiProperty({
    format: 'date-time',
    type: String,
    description:
      'When the batch was accepted, its `notBefore` if that is later, its plan was applied, or its failed items were ' +
      'last retried',
    example: '2020-01-01T13:45:12.000Z',
  })
  startedAt: Date;

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description: 'Earliest time of the first attempts, from your request; null without one',
    example: null,
  })
  notBefore: Date | null;

  @ApiProperty({
    enum: PRIORITIES,
    description: 'Order among the imports of the project, from your request',
    example: 'normal',
  })
  priority: Priority;

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description: 'When the last item finished, or was planned; null until then',
    example: '2020-01-01T13:46:03.000Z',
  })
  finishedAt: Date | null;

  @ApiProperty({
    type: () => PlanDto,
    required: false,
    description: 'Only for plans, and not in lists',
  })
  plan?: PlanDto;
}

export class ImportsPageDto {
  @ApiProperty({ type: () => ImportDto, isArray: true, description: 'Newest first' })
  results: ImportDto[];

  @ApiProperty({
    required: false,
    description: 'Pass it as `after` to get the next page; if absent, there are no more results',
    example: ID,
  })
  cursor?: string;
}

/** Lists the fields explicitly, so that no other one is exposed. */
export function toImportDto(row: ImportRow): ImportDto {
  const { id, kind, systemName, mode, createdById, createdByName } = row;
  const { createdAt, startedAt, notBefore, finishedAt } = row;
  const createdBy = createdById === null ? null : { id: createdById, name: createdByName ?? createdById };
  const state = shownStateOf(row);
  const head = { id, kind, systemName, state, mode, createdBy, progress: countsOf(row) };
  return { ...head, createdAt, startedAt, notBefore, priority: priorityOf(row.priority), finishedAt };
}

function countsOf({ mode, total, success, skipped, failed, planned }: ImportRow): ImportCountsDto {
  const pending = total - success - skipped - failed - planned;
  return { total, success, skipped, failed, pending, ...(mode === 'plan' && { planned }) };
}
