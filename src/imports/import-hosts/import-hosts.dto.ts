import { ApiProperty } from '@nestjs/swagger';
import { PageLimit } from '../../http/validators/page-limit.js';
import { HostThrottleDto } from '../waiting/host-throttle.dto.js';

export class ImportHostsQueryDto {
  @PageLimit({ max: 500, default: 100 })
  limit: number = 100;
}

export class ImportHostDto extends HostThrottleDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Host with its port unless that is the default one; null for items that contact none',
    example: 'archive.example.com',
  })
  host: string | null;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Items from this host', example: 5_000 })
  total: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Waiting for an attempt', example: 1_000 })
  pending: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Attempts in flight', example: 4 })
  running: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Predicted, not applied', example: 0 })
  planned: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Created or updated', example: 3_896 })
  success: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Already imported and unchanged', example: 80 })
  skipped: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Not imported', example: 20 })
  failed: number;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Size of the files of its successful items, in bytes',
    example: 734_003_200,
  })
  bytes: number;

  @ApiProperty({
    minimum: 0,
    description: 'Items that finished per second, in the last 30 seconds of the run',
    example: 12.5,
  })
  itemsPerSecond: number;

  @ApiProperty({
    minimum: 0,
    description: 'Bytes of files imported per second, in the last 30 seconds of the run',
    example: 26_214_400,
  })
  bytesPerSecond: number;
}

export class ImportHostsDto {
  @ApiProperty({ type: () => ImportHostDto, isArray: true, description: 'Most items first' })
  results: ImportHostDto[];

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Number of hosts, including those beyond the limit',
    example: 1,
  })
  total: number;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Size of the files of all successful items of the import, in bytes',
    example: 734_003_200,
  })
  bytes: number;

  @ApiProperty({
    minimum: 0,
    description: 'Bytes of files imported per second from all hosts, in the last 30 seconds of the run',
    example: 26_214_400,
  })
  bytesPerSecond: number;
}
