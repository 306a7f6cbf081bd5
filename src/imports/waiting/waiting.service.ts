import { Injectable } from '@nestjs/common';
import { RecentBacklog } from '../workers/recent-backlog.js';
import { WAITING_REASONS } from '../workers/waiting.repository.js';
import { WaitingHostsRepository, type WaitingHost } from './waiting-hosts.repository.js';
import type { WaitingDto, WaitingHostDto } from './waiting.dto.js';

const MOST_HOSTS = 200;

/** Explains why the items of a project wait. */
@Injectable()
export class WaitingService {
  constructor(
    private readonly backlog: RecentBacklog,
    private readonly repository: WaitingHostsRepository,
  ) {}

  async explain(projectId: number): Promise<WaitingDto> {
    const [{ waiting, workers, capacity }, hosts] = await Promise.all([
      this.backlog.read(),
      this.repository.list(projectId),
    ]);
    return {
      reasons: WAITING_REASONS.filter((reason) => waiting[reason] > 0),
      workers,
      capacity,
      pending: sum(hosts.map(({ pending }) => pending)),
      inFlight: sum(hosts.map(({ inFlight }) => inFlight)),
      hosts: hosts
        .map(toDto)
        .sort((one, other) => other.pending - one.pending || other.inFlight - one.inFlight)
        .slice(0, MOST_HOSTS),
    };
  }
}

function toDto({ blockedUntil, askedUntil, now, failures, share, ...host }: WaitingHost): WaitingHostDto {
  const askedForPause = askedUntil !== null && askedUntil > now;
  const ends = [blockedUntil, askedUntil].filter((at): at is Date => at !== null && at > now);
  const until = ends.toSorted((one, other) => Number(other) - Number(one))[0] ?? null;
  // After a circuit was open, one attempt at a time tries the host until it answers.
  const closedOrTrying = blockedUntil !== null && failures > 0 ? 'half-open' : 'closed';
  return {
    ...host,
    circuit: until === null ? closedOrTrying : 'open',
    until,
    askedForPause,
    failures,
    concurrency: share,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
