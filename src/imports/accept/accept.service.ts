import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { hotTransaction } from '../../database/hot-transaction.js';
import { Signals } from '../../database/signals.js';
import { Events } from '../../events/events.js';
import { unprocessable } from '../../http/api-error.js';
import type { NewItem } from '../import-kind.js';
import { ItemRepository } from '../item/item.repository.js';
import { AcceptRepository, type NewImport } from './accept.repository.js';
import { fingerprintOf, formerFingerprintOf, roundedFingerprintOf, type SentRequest } from './fingerprint.js';
import { IdempotencyKeysRepository } from './idempotency-keys.repository.js';

export interface Batch extends Omit<NewImport, 'total'> {
  items: readonly NewItem[];
  /** The request as received, which the idempotency key stands for. */
  sent: SentRequest;
  /** The `Idempotency-Key` header. */
  idempotencyKey?: string | undefined;
}

/** Rolls back the transaction because the key belongs to an earlier import. */
class KeyTaken extends Error {}

/** Accepts a batch: it is durable in the database when the promise resolves; nothing is stored if it rejects. */
@Injectable()
export class AcceptService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly imports: AcceptRepository,
    private readonly items: ItemRepository,
    private readonly keys: IdempotencyKeysRepository,
    private readonly events: Events,
    private readonly signals: Signals,
  ) {}

  /** @returns the id of the new import, or of the import created earlier with the same key and body */
  async accept(batch: Batch): Promise<{ id: string }> {
    const id = await (batch.idempotencyKey === undefined
      ? this.write(batch)
      : this.writeOnce(batch, batch.idempotencyKey));
    return { id };
  }

  private write(batch: Batch, key?: { text: string; bodySha256: Buffer }): Promise<string> {
    return hotTransaction(this.dataSource, async (tx) => {
      const importId = await this.imports.insertImport(tx, { ...batch, total: batch.items.length });
      if (key !== undefined) {
        const owner = { importId, bodySha256: key.bodySha256 };
        if (!(await this.keys.claim(tx, batch.projectId, key.text, owner))) throw new KeyTaken();
      }
      await this.items.accept(tx, importId, batch.items, batch.notBefore);
      const { projectId, kind, systemName, items } = batch;
      if (batch.mode === 'run') {
        await this.events.record(tx, [
          { type: 'import.accepted', projectId, importId, kind, systemName, total: items.length },
        ]);
      }
      await this.signals.send(tx, 'items_pending');
      return importId;
    });
  }

  private async writeOnce(batch: Batch, text: string): Promise<string> {
    const bodySha256 = await fingerprintOf(batch.kind, batch.sent, batch.mode);
    try {
      return await this.write(batch, { text, bodySha256 });
    } catch (error) {
      if (!(error instanceof KeyTaken)) throw error;
    }
    const owner = await this.keys.find(batch.projectId, text);
    if (owner === null || !(await isSame(owner.bodySha256, bodySha256, batch))) {
      throw unprocessable({ 'Idempotency-Key': 'Idempotency key was already used with a different body' });
    }
    return owner.importId;
  }
}

/**
 * Whether a stored fingerprint matches this batch; also accepts fingerprints written by earlier releases, which had no
 * plans.
 */
async function isSame(kept: Buffer, present: Buffer, batch: Batch): Promise<boolean> {
  if (kept.equals(present)) return true;
  if (batch.mode === 'plan') return false;
  return (
    kept.equals(await roundedFingerprintOf(batch.kind, batch.sent)) || kept.equals(formerFingerprintOf(batch))
  );
}
