import { ApiProperty } from '@nestjs/swagger';

/** States of a circuit: requests pass, none passes, or one at a time tries whether the host answers again. */
export const CIRCUIT_STATES = ['closed', 'open', 'half-open'] as const;

export type CircuitState = (typeof CIRCUIT_STATES)[number];

export class HostThrottleDto {
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

/** The row of a host, as far as its throttle depends on it. */
export interface ThrottleRow {
  /** Consecutive failures. */
  failures: number;
  /** Maximum in-flight items; null if the host has not been contacted yet. */
  share: number | null;
  blockedUntil: Date | null;
  askedUntil: Date | null;
  /** By the clock of the database. */
  now: Date;
}

/** Fields of {@link HostThrottleDto}. */
export function throttleOf(row: ThrottleRow): Pick<HostThrottleDto, keyof HostThrottleDto> {
  const { blockedUntil, askedUntil, now, failures, share } = row;
  const askedForPause = askedUntil !== null && askedUntil > now;
  const ends = [blockedUntil, askedUntil].filter((at): at is Date => at !== null && at > now);
  const until = ends.toSorted((one, other) => Number(other) - Number(one))[0] ?? null;
  // After a circuit was open, one attempt at a time tries the host until it answers.
  const closedOrTrying = blockedUntil !== null && failures > 0 ? 'half-open' : 'closed';
  return {
    circuit: until === null ? closedOrTrying : 'open',
    until,
    askedForPause,
    failures,
    concurrency: share,
  };
}
