import { ApiProperty } from '@nestjs/swagger';
import { PageLimit } from '../../http/validators/page-limit.js';

const AT = '2020-01-01T13:45:22.000Z';

export class FailuresQueryDto {
  @PageLimit({ max: 500, default: 100 })
  limit: number = 100;
}

export class FailureSampleDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Position in the batch', example: 0 })
  position: number;

  @ApiProperty({ description: 'The `id` from your request', example: 'interview-2019-11-21' })
  externalId: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Its URL without the query, which may contain a signature; null if it has none',
    example: 'https://archive.example.com/2019/interview.mp4',
  })
  url: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Its last failure in one sentence',
    example: 'Could not download it: the server answered 403',
  })
  reason: string | null;
}

export class FailureGroupDto {
  @ApiProperty({ description: 'Failure code; pass it as `code` to retry or cancel', example: 'HTTP_STATUS' })
  code: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Host of the items; pass it as `host` to retry or cancel. Null if they come from none',
    example: 'archive.example.com',
  })
  host: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description:
      'HTTP status that the failure consists in; pass it as `httpStatus` to retry or cancel. Null without one: pass `none`',
    example: 403,
  })
  httpStatus: number | null;

  @ApiProperty({
    description: 'Whether the items are not failed for good: another attempt follows by itself',
    example: false,
  })
  waiting: boolean;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Number of items', example: 17 })
  count: number;

  @ApiProperty({ format: 'date-time', type: String, description: 'First failure of this kind', example: AT })
  firstSeen: Date;

  @ApiProperty({ format: 'date-time', type: String, description: 'Latest failure of this kind', example: AT })
  lastSeen: Date;

  @ApiProperty({ type: () => FailureSampleDto, description: 'The first of these items, in request order' })
  sample: FailureSampleDto;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What the code means; null if the kind no longer has it',
    example: 'Could not download it',
  })
  cause: string | null;

  @ApiProperty({
    description: 'What to do, in a sentence or two',
    example: "Ask the archive's owner for access, or for URLs that carry it, then retry",
  })
  cure: string;

  @ApiProperty({ description: 'Whether a retry can help without any other change', example: false })
  retry: boolean;

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description:
      'When the host may be contacted again, because it asked for a pause or kept failing; null if it may be now',
    example: null,
  })
  retryAfter: Date | null;

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description: 'Earliest next attempt at one of the items; null unless they are `waiting`',
    example: null,
  })
  nextTryAt: Date | null;
}

export class FailuresDto {
  @ApiProperty({ type: () => FailureGroupDto, isArray: true, description: 'Largest group first' })
  results: FailureGroupDto[];

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Number of groups, including those beyond the limit',
    example: 1,
  })
  total: number;
}
