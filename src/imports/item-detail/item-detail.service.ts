import { Injectable } from '@nestjs/common';
import { notFound, type ApiError } from '../../http/api-error.js';
import { withoutQuery } from '../failures/without-query.js';
import { ImportKinds } from '../import-kinds.js';
import { toItemDto } from '../list/item.dto.js';
import { ItemsRepository } from '../list/items.repository.js';
import { ImportsService } from '../list/imports.service.js';
import type { ImportAttempt } from '../record/import-attempt.entity.js';
import { WorkersRepository } from '../workers/workers.repository.js';
import {
  ITEM_WAITS,
  type ItemAttemptDto,
  type ItemDetailDto,
  type ItemWait,
  type ItemWaitDto,
} from './item-detail.dto.js';
import { ItemDetailRepository, type ItemPauses } from './item-detail.repository.js';

const POSITION = /^\d{1,9}$/;

/** Shows one item: its attempts, and why it waits. */
@Injectable()
export class ItemDetailService {
  constructor(
    private readonly imports: ImportsService,
    private readonly kinds: ImportKinds,
    private readonly items: ItemsRepository,
    private readonly repository: ItemDetailRepository,
    private readonly workers: WorkersRepository,
  ) {}

  /**
   * @returns a value for `stringifyRaw()`
   * @throws ApiError 404 if the project has no such import, or the import no such item
   */
  async find(projectId: number, importId: string, place: string): Promise<ItemDetailDto> {
    const kind = this.kinds.named((await this.imports.find(projectId, importId)).kind);
    if (!POSITION.test(place)) throw itemNotFound();
    const position = Number(place);
    const pauses = await this.repository.pauses(importId, position);
    const [row] = await this.items.list(kind, { importId, limit: 1, after: position - 1 });
    if (pauses === null || row?.position !== position) throw itemNotFound();
    return Object.assign(toItemDto(row, kind.noun), {
      url: withoutQuery(kind.urlOf(pauses.payload)),
      request: kind.entryOf({ externalId: row.externalId, title: row.title, payload: pauses.payload }),
      finishedAt: pauses.finishedAt,
      waiting: row.state === 'pending' ? await this.waits(pauses, kind.name) : [],
      attempts: (await this.repository.attemptsOf(pauses.id)).map(toAttemptDto),
    });
  }

  private async waits(pauses: ItemPauses, kind: string): Promise<ItemWaitDto[]> {
    const { notBefore, retryAt, askedUntil, blockedUntil } = pauses;
    const timed: Array<[ItemWait, Date | null]> = [
      ['not_before', notBefore],
      ['retry', retryAt],
      ['host_asked', askedUntil],
      ['host_failing', blockedUntil],
    ];
    const waits: ItemWaitDto[] = timed.flatMap(([reason, until]) =>
      until === null ? [] : [{ reason, until }],
    );
    const missing = await this.missing(kind);
    if (missing !== null) waits.push({ reason: missing, until: null });
    return waits.length > 0 ? waits : [{ reason: 'turn', until: null }];
  }

  /** What keeps all workers from taking items of this kind. */
  private async missing(kind: string): Promise<ItemWait | null> {
    const alive = await this.workers.alive();
    if (alive.length === 0) return 'no_worker';
    const able = alive.filter(({ kinds }) => kinds.includes(kind));
    if (able.length === 0) return 'kind_missing';
    const [first] = able;
    if (able.some(({ heldBy }) => heldBy === null)) return null;
    return ITEM_WAITS.find((reason) => reason === first?.heldBy) ?? null;
  }
}

function toAttemptDto({
  startedAt,
  endedAt,
  code,
  reason,
  retryable,
  httpStatus,
  bytes,
}: ImportAttempt): ItemAttemptDto {
  return {
    startedAt,
    durationMs: endedAt.getTime() - startedAt.getTime(),
    code,
    reason,
    retryable,
    httpStatus,
    bytes: bytes === null ? null : Number(bytes),
  };
}

function itemNotFound(): ApiError {
  return notFound('The import has no item at this position', 'position');
}
