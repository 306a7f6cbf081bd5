import { ApiProperty } from '@nestjs/swagger';
import { PREDICTED_ACTIONS, type PredictedAction } from '../prediction.js';

export class PlanTotalsDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Items that are new to the library', example: 7 })
  create: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Items that have changed', example: 1 })
  update: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Items without a change', example: 1 })
  skip: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Items that will fail', example: 1 })
  fail: number;
}

/** Items for which the plan predicted the same, and that ended in the same way. */
export class PlanOutcomeDto {
  @ApiProperty({ enum: PREDICTED_ACTIONS, description: 'The predicted action', example: 'create' })
  predicted: PredictedAction;

  @ApiProperty({
    enum: PREDICTED_ACTIONS,
    nullable: true,
    description: 'The action of the outcome; null until it is known',
    example: 'create',
  })
  actual: PredictedAction | null;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Number of items', example: 7 })
  items: number;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description:
      'Of these, items whose outcome differs from the prediction: all, or failures of another code',
    example: 0,
  })
  drift: number;
}

/** What a plan predicts, and the outcome. */
export class PlanDto {
  @ApiProperty({
    description: 'Whether planning has finished, so that the plan can be applied',
    example: true,
  })
  finished: boolean;

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description: 'When the plan can no longer be applied; null while it is made, and once it was applied',
    example: '2020-01-08T13:46:03.000Z',
  })
  expiresAt: Date | null;

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description: 'When the plan was applied; null until then',
    example: null,
  })
  appliedAt: Date | null;

  @ApiProperty({ type: () => PlanTotalsDto, description: 'Predicted items by action' })
  totals: PlanTotalsDto;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Bytes of the files to create and update, as far as their sources declare sizes',
    example: 734_003_200,
  })
  bytes: number;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    nullable: true,
    description:
      'Seconds that the run will take, by the throughput of recent imports from the same hosts; null if it is unknown',
    example: 42,
  })
  estimatedSeconds: number | null;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description:
      'Finished items whose outcome differs from the prediction, in action or code; 0 until applied',
    example: 0,
  })
  drift: number;

  @ApiProperty({
    type: () => PlanOutcomeDto,
    isArray: true,
    description: 'Predicted and actual actions of all items; empty until applied',
  })
  outcomes: PlanOutcomeDto[];
}
