import { ApiProperty } from '@nestjs/swagger';
import { WAITING_REASONS, type WaitingReason } from '../workers/waiting.repository.js';
import { HostThrottleDto } from './host-throttle.dto.js';

export class WaitingHostDto extends HostThrottleDto {
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
