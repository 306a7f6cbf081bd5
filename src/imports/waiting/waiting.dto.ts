import { ApiProperty } from '@nestjs/swagger';
import { WAITING_REASONS, type WaitingReason } from '../workers/waiting.repository.js';

/** States of a circuit: requests pass, none passes, or one at a time tries whether the host answers again. */
export const CIRCUIT_STATES = ['closed', 'open', 'half-open'] as const;

export type CircuitState = (typeof CIRCUIT_STATES)[number];

export class WaitingHostDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Host with its port unless that is the default one; null for items that contact none',
    example: 'archive.example.com',
  })
  host: string | null;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Pending items of the project', example: 120 })
  pending: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'In-flight items of the project', example: 4 })
  inFlight: number;

  @ApiProperty({
    enum: CIRCUIT_STATES,
    description:
      '`closed`: it answers. `open`: it is not contacted until `until`, because it failed repeatedly or asked for a pause. ' +
      '`half-open`: the next attempt decides',
    example: 'closed',
  })
  circuit: CircuitState;

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description: 'When it may be contacted again; null unless the circuit is open',
    example: null,
  })
  until: Date | null;

  @ApiProperty({ description: 'Whether the host asked for the pause with Retry-After', example: false })
  askedForPause: boolean;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Consecutive failures', example: 0 })
  failures: number;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Items that may be in flight from this host at once, over all projects; null: no limit yet',
    example: 4,
  })
  concurrency: number | null;
}

export class WaitingDto {
  @ApiProperty({
    enum: WAITING_REASONS,
    isArray: true,
    description: 'Why items of this installation wait, as in `/health/ready` and the metrics',
    example: ['host_failing'],
  })
  reasons: WaitingReason[];

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Live workers', example: 2 })
  workers: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Items that they run at once', example: 32 })
  capacity: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Pending items of the project', example: 120 })
  pending: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'In-flight items of the project', example: 4 })
  inFlight: number;

  @ApiProperty({
    type: () => WaitingHostDto,
    isArray: true,
    description: 'Hosts with unfinished items of the project, most pending ones first; at most 200',
  })
  hosts: WaitingHostDto[];
}
