import { ApiProperty } from '@nestjs/swagger';
import { Choice } from '../../http/validators/choice.js';
import { PageLimit } from '../../http/validators/page-limit.js';
import { Text } from '../../http/validators/text.js';
import type { ImportState } from '../import.entity.js';
import type { ImportRow } from './imports.repository.js';

const STATES: readonly ImportState[] = ['started', 'success', 'failed'];
const ID = '25bzj8jk';

export class ImportsQueryDto {
  @Choice(STATES, { optional: true, description: 'Only imports in this state', example: 'started' })
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
}

export class ImportDto {
  @ApiProperty({ description: 'Lower-case base 36', example: ID })
  id: string;

  @ApiProperty({ description: 'Kind of the items, the last segment of the path that accepted the batch' })
  kind: string;

  @ApiProperty({ example: 'identity-of-the-archive' })
  systemName: string;

  @ApiProperty({
    enum: STATES,
    description:
      '`started` until every item has finished; then `success` if at least one item is success or skipped, else `failed`',
    example: 'success',
  })
  state: ImportState;

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
    description: 'When the batch was accepted, or its failed items were last retried',
    example: '2020-01-01T13:45:12.000Z',
  })
  startedAt: Date;

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description: 'When the last item finished; null until then',
    example: '2020-01-01T13:46:03.000Z',
  })
  finishedAt: Date | null;
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
export function toImportDto({ total, success, skipped, failed, ...row }: ImportRow): ImportDto {
  const { id, kind, systemName, state, createdAt, startedAt, finishedAt } = row;
  const progress = { total, success, skipped, failed, pending: total - success - skipped - failed };
  return { id, kind, systemName, state, progress, createdAt, startedAt, finishedAt };
}
