import { Injectable } from '@nestjs/common';
import { RecentBacklog } from '../workers/recent-backlog.js';
import { WAITING_REASONS } from '../workers/waiting.repository.js';
import { throttleOf } from './host-throttle.dto.js';
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

function toDto({ host, pending, inFlight, ...throttle }: WaitingHost): WaitingHostDto {
  return { host, pending, inFlight, ...throttleOf(throttle) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
