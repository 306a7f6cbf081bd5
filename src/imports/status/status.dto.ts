import { ApiProperty } from '@nestjs/swagger';
import { Text } from '../../http/validators/text.js';
import { PredictionDto } from '../plan/prediction.dto.js';
import { WaitSeconds } from './wait-seconds.decorator.js';

export class StatusQueryDto {
  @Text({ max: 64, description: 'Id of the import, as returned for the batch', example: '25bzj8j' })
  id: string;

  @WaitSeconds()
  wait?: number;
}

export class ImportAcceptedDto {
  @ApiProperty({ description: 'Id of the import, lower-case base 36', example: '25bzj8j' })
  id: string;
}

export class ImportProgressDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Items in the batch', example: 3 })
  total: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Created or updated', example: 1 })
  success: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Already imported and unchanged', example: 0 })
  skipped: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Not imported', example: 0 })
  failed: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Pending or running', example: 2 })
  pending: number;
}

export class PlanningProgressDto extends ImportProgressDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Predicted', example: 1 })
  planned: number;
}

export class RunningImportDto {
  @ApiProperty({ enum: [false], type: Boolean, example: false })
  finished: false;

  @ApiProperty({ enum: ['started'], example: 'started' })
  state: 'started';

  @ApiProperty({ description: 'Id of the import', example: '243kdc' })
  id: string;

  @ApiProperty({
    description: 'When the batch was accepted: YYYY-MM-DD hh:mm:ss in UTC',
    pattern: String.raw`^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$`,
    example: '2020-01-01 13:45:12',
  })
  startedAt: string;

  @ApiProperty({ type: () => ImportProgressDto })
  progress: ImportProgressDto;
}

export class ImportOverviewDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Items in the batch', example: 3 })
  total: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Created or updated', example: 1 })
  success: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Already imported and unchanged', example: 1 })
  skipped: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Not imported', example: 1 })
  failed: number;
}

/** Status while the outcomes of a batch are being predicted. */
export class PlanningImportDto {
  @ApiProperty({ enum: [false], type: Boolean, example: false })
  finished: false;

  @ApiProperty({ enum: ['planned'], example: 'planned' })
  state: 'planned';

  @ApiProperty({ description: 'Id of the import', example: '243kdc' })
  id: string;

  @ApiProperty({
    description: 'When the batch was accepted: YYYY-MM-DD hh:mm:ss in UTC',
    pattern: String.raw`^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$`,
    example: '2020-01-01 13:45:12',
  })
  startedAt: string;

  @ApiProperty({ type: () => PlanningProgressDto })
  progress: PlanningProgressDto;
}

export class PlannedOverviewDto extends ImportOverviewDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Predicted', example: 3 })
  planned: number;
}

/** An item of a plan that has not been applied. */
export class PlannedItemDto {
  @ApiProperty({ enum: ['planned', 'failed'], description: 'Former name of `state`', example: 'planned' })
  status: 'planned' | 'failed';

  @ApiProperty({
    enum: ['planned', 'failed'],
    description: '`failed`: cancelled, or the plan has expired',
    example: 'planned',
  })
  state: 'planned' | 'failed';

  @ApiProperty({ required: false, description: 'Why it failed', example: 'The import was cancelled' })
  reason?: string;

  @ApiProperty({ required: false, description: 'Failure code', example: 'CANCELLED' })
  code?: string;

  @ApiProperty({ required: false, description: 'Whether a retry can help', example: true })
  retryable?: boolean;

  @ApiProperty({ example: 'identity-of-the-archive' })
  systemName: string;

  @ApiProperty({ description: 'The `id` from your request', example: 'interview-2019-11-21' })
  externalId: string;

  @ApiProperty({ description: 'Title from your request', example: 'my interview' })
  title: string;

  @ApiProperty({ required: false, type: () => PredictionDto })
  prediction?: PredictionDto;
}
