import type { EntityManager } from 'typeorm';
import { serverTrouble } from '../../database/server-trouble.js';
import { isUnreachable } from '../../database/unreachable-error.js';
import type { PlainItem, PlainKindPart, RecordedItem } from '../../extension/define-kind.js';
import { faultyFields } from '../../extension/shape.js';
import type { KindTools } from '../../extension/tools.js';
import { Slots } from '../../process/slots.js';
import type { ClaimedItem, ItemResult, ItemWorker, ProcessedItem } from '../import-kind.js';
import { KindError } from '../record/kind-error.js';
import { inHand, type ExtensionCall, type ExtensionCalls } from '../run/extension-calls.js';
import type { Downloads } from './downloads.js';

/** How often outcomes are recorded again after a deadlock or a lost connection; then their attempts fail. */
const MOST_INTERRUPTIONS = 3;

/** Runs a plain kind of an extension. */
export class PlainWorker implements ItemWorker {
  /** The limit of the kind counts from the moment when the item has a place. */
  readonly processMs = Infinity;
  private readonly slots: Slots;
  /** By the first outcome of a batch. */
  private readonly interruptions = new WeakMap<object, number>();

  constructor(
    private readonly kind: PlainKindPart,
    private readonly calls: ExtensionCalls,
    private readonly downloads: Downloads,
  ) {
    this.slots = new Slots(kind.atOnce);
  }

  async process(claimed: ClaimedItem, signal: AbortSignal): Promise<object> {
    const item = plainItem(claimed);
    const { name, codes, processMs: limitMs } = this.kind;
    const call: ExtensionCall<PlainItem> = {
      code: `process() of kind "${name}"`,
      itemId: claimed.id,
      item,
      codes,
      limitMs,
      signal,
    };
    // The shape may have changed since the item was accepted.
    const faulty = faultyFields(this.kind.item, item.fields);
    if (faulty.length > 0) throw this.calls.broken(call, `cannot take the item fields=${faulty.join()}`);
    const outcome: unknown = await this.slots.run(signal, () =>
      this.calls.run(call, (tools, allow) => {
        const about = { claimed, noun: this.kind.noun, signal: tools.signal, allow };
        const download: KindTools['download'] = (url, options) => this.downloads.run(url, options, about);
        return this.kind.process(item, { ...tools, download });
      }),
    );
    if (typeof outcome === 'object' && outcome !== null) return outcome;
    throw this.calls.broken(call, 'returned no object');
  }

  heardHost(): boolean {
    return true;
  }

  async record(tx: EntityManager, processed: readonly ProcessedItem[]): Promise<ItemResult[]> {
    const done = processed.map(({ item, outcome }) => ({ item: plainItem(item), outcome }));
    await tx.query('SAVEPOINT kind');
    try {
      const recorded: unknown = await this.kind.record(tx, done);
      await tx.query('RELEASE SAVEPOINT kind');
      return this.checked(recorded, processed.length);
    } catch (error) {
      if (error instanceof KindError) throw error;
      throw await this.attributed(tx, error, processed[0]?.outcome ?? {});
    }
  }

  async settle(outcome: object, result: ItemResult | null): Promise<void> {
    const recorded = result && { ...reasonOf(result), state: result.state, result: { ...result.result } };
    await this.kind.settle(outcome, recorded);
  }

  /**
   * Decides whether a failure is an outage of our database: only if the transaction has lost its connection. A deadlock
   * may pass as well. Both count as outages a few times; the database was reachable when the transaction began.
   */
  private async attributed(tx: EntityManager, error: unknown, first: object): Promise<unknown> {
    const own = new KindError(`record() of kind "${this.kind.name}" failed`, error);
    const lost = await tx.query('ROLLBACK TO SAVEPOINT kind').then(
      () => null,
      (cause: unknown) => cause,
    );
    const passing = isUnreachable(lost) ? lost : serverTrouble(error) === 'interrupted' ? error : null;
    if (passing === null) return own;
    const count = (this.interruptions.get(first) ?? 0) + 1;
    this.interruptions.set(first, count);
    return count > MOST_INTERRUPTIONS ? own : passing;
  }

  private checked(recorded: unknown, count: number): ItemResult[] {
    const from = `record() of kind "${this.kind.name}"`;
    if (!Array.isArray(recorded) || recorded.length !== count)
      throw new KindError(`${from} did not return one result for each of ${count} items`);
    return recorded.map((one: unknown) => {
      const { state, reason, result } = Object(one);
      const own = { ...Object(result) };
      const faulty = faultyFields(this.kind.result, own);
      if (state !== 'success' && state !== 'skipped') faulty.push('state');
      if (reason !== undefined && !isStorable(reason)) faulty.push('reason');
      if (faulty.length > 0)
        throw new KindError(
          `${from} returned a result that does not match its shape fields=${faulty.join()}`,
        );
      return { ...reasonOf({ reason }), state, result: own };
    });
  }
}

function plainItem(item: ClaimedItem): PlainItem {
  return { ...inHand(item), fields: { ...item.payload } };
}

function reasonOf({ reason }: Pick<RecordedItem, 'reason'>): Pick<RecordedItem, 'reason'> {
  return reason === undefined ? {} : { reason };
}

/** PostgreSQL stores neither U+0000 nor half of a surrogate pair. */
function isStorable(value: unknown): boolean {
  return typeof value === 'string' && value.isWellFormed() && !value.includes('\0');
}
