import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../auth/caller.js';
import { badRequest } from '../../http/api-error.js';
import { Faults } from '../../http/faults.js';
import { textOf } from '../../http/free-form-text.js';
import { TimeSlices } from '../../http/time-slices.js';
import { AcceptService } from '../accept/accept.service.js';
import type { NewItem } from '../import-kind.js';
import type { ImportMode } from '../import.entity.js';
import { ImportKinds } from '../import-kinds.js';
import { WaitingStatus } from '../events/waiting-status.js';
import type { StatusQueryDto } from '../status/status.dto.js';
import { StatusService } from '../status/status.service.js';
import { rankOf } from '../priority.js';
import type { Batch } from './batch-class.js';
import type { KindRoutes } from './kind-routes.js';

/** Accepts batches and answers statuses, for the routes of every kind. */
@Injectable()
export class KindImportsService {
  constructor(
    private readonly kinds: ImportKinds,
    private readonly acceptance: AcceptService,
    private readonly statuses: StatusService,
    private readonly waiting: WaitingStatus,
  ) {}

  /**
   * @param batch as validated
   * @throws ApiError 400 if an entry cannot become an item, or the kind cannot be planned; 422 for a reused idempotency key
   */
  async accept<Entry extends object>(
    kind: KindRoutes<Entry>,
    { projectId, tokenId, name }: Caller,
    batch: Batch,
    { mode, idempotencyKey }: { mode: ImportMode; idempotencyKey?: string | undefined },
  ): Promise<{ id: string }> {
    if (mode === 'plan' && !kind.canPlan)
      throw badRequest({ mode: `Imports of ${kind.name} cannot be planned; leave out mode, or send "run"` });
    const { systemName, webhook = null, webhookEvents, context, notBefore, priority = 'normal' } = batch;
    if (webhookEvents !== undefined && webhook === null)
      throw badRequest({ webhookEvents: 'Needs a webhook that receives the events' });
    const entries = entriesOf(kind, batch);
    return this.acceptance.accept({
      projectId,
      kind: kind.name,
      systemName,
      webhook,
      webhookEvents,
      context: context === undefined ? null : textOf(context),
      notBefore: notBefore === undefined ? null : new Date(notBefore),
      priority: rankOf(priority),
      items: await itemsOf(kind, entries),
      sent: { head: headOf(kind, batch), entries },
      mode,
      createdBy: { id: tokenId, name },
      idempotencyKey,
    });
  }

  /**
   * JSON text in UTF-8.
   *
   * @throws ApiError 404 if the project has no such import of this kind, 429 if too many calls wait
   */
  async status(
    { name }: Pick<KindRoutes, 'name'>,
    caller: Caller,
    { id, wait }: StatusQueryDto,
    request: FastifyRequest,
  ): Promise<Buffer> {
    const { projectId } = caller;
    if (wait !== undefined) {
      await this.statuses.assertFound(name, projectId, id);
      await this.waiting.wait(caller, id, wait, request);
    }
    return this.statuses.status(this.kinds.named(name), projectId, id);
  }
}

function headOf({ name }: KindRoutes, batch: Batch): object {
  return Object.fromEntries(Object.entries(batch).filter(([field]) => field !== name));
}

function entriesOf<Entry extends object>({ name, Entry }: KindRoutes<Entry>, batch: Batch): Entry[] {
  const list: unknown = Reflect.get(batch, name);
  const isEntry = (value: unknown): value is Entry => value instanceof Entry;
  if (!Array.isArray(list) || !list.every(isEntry)) throw new Error(`The batch of ${name} was not validated`);
  return list;
}

/** Works in time slices, because a batch can be long and parsing URLs takes time. */
async function itemsOf<Entry extends object>(
  kind: KindRoutes<Entry>,
  entries: readonly Entry[],
): Promise<NewItem[]> {
  const items: NewItem[] = [];
  const faults = new Faults();
  const slices = new TimeSlices();
  for (const [index, entry] of entries.entries()) {
    const item = kind.itemOf(entry);
    if (typeof item === 'string') faults.add(`${kind.name}.${index}`, item);
    else items.push(item);
    if (slices.isOver) await slices.pause();
  }
  faults.throwIfAny();
  return items;
}
