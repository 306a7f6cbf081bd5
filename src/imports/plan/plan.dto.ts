import { ApiProperty } from '@nestjs/swagger';

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
}
