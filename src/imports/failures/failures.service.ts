import { Injectable } from '@nestjs/common';
import { ImportKinds } from '../import-kinds.js';
import type { ImportKind } from '../import-kind.js';
import { ImportsService } from '../list/imports.service.js';
import { clockTime } from './clock-time.js';
import { causeOf, cureOf } from './cures.js';
import type { FailureGroupDto, FailuresDto, FailuresQueryDto } from './failures.dto.js';
import { FailuresRepository, type FailureGroup } from './failures.repository.js';
import { later } from './later.js';
import { withoutQuery } from './without-query.js';

/** Groups the failures of an import, and says what to do about each group. */
@Injectable()
export class FailuresService {
  constructor(
    private readonly imports: ImportsService,
    private readonly kinds: ImportKinds,
    private readonly repository: FailuresRepository,
  ) {}

  /** @throws ApiError 404 if the project has no such import */
  async list(projectId: number, importId: string, { limit }: FailuresQueryDto): Promise<FailuresDto> {
    const kind = this.kinds.named((await this.imports.find(projectId, importId)).kind);
    const { groups, total } = await this.repository.groups(importId, limit);
    return { results: groups.map((group) => toDto(group, kind)), total };
  }
}

function toDto(group: FailureGroup, kind: ImportKind): FailureGroupDto {
  const { askedUntil, blockedUntil, position, externalId, payload, reason, ...facts } = group;
  const { code, host, httpStatus, waiting, count, firstSeen, lastSeen, retry } = facts;
  const retryAfter = later(askedUntil, blockedUntil);
  const nextTryAt = facts.nextTryAt && later(facts.nextTryAt, retryAfter);
  const general = cureOf(kind.codes, { code, httpStatus, retryable: retry }, kind.noun);
  const cure = waiting ? waitFor(nextTryAt, general) : retry ? afterPause(group, general) : general;
  return {
    code,
    host,
    httpStatus,
    waiting,
    count,
    firstSeen,
    lastSeen,
    sample: { position, externalId, url: withoutQuery(kind.urlOf(payload)), reason },
    cause: causeOf(kind.codes, code, kind.noun),
    cure,
    retry,
    retryAfter,
    nextTryAt,
  };
}

function waitFor(nextTryAt: Date | null, cure: string): string {
  const isLater = nextTryAt !== null && nextTryAt.getTime() > Date.now();
  const when = isLater ? `at ${clockTime(nextTryAt)}` : 'shortly';
  return `Nothing to do yet: the next attempt follows ${when}. If it fails, too: ${cure}`;
}

function afterPause({ askedUntil, blockedUntil }: FailureGroup, cure: string): string {
  const until = later(askedUntil, blockedUntil);
  if (until === null) return cure;
  const why = until === askedUntil ? 'the server asked for a pause' : 'the server has been failing';
  return `Try again after ${clockTime(until)}: ${why}`;
}
