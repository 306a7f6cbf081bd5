import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Environment } from '../../config/environment.js';
import { Events } from '../../events/events.js';
import type { MediaChanged } from '../../extension/define-listener.js';
import type { ItemResult, ProcessedItem } from '../../imports/import-kind.js';
import type { AssetFacts, MediaOutcome, MediaPayload, MediaResult } from '../media-import.js';
import { bySequence } from './by-sequence.js';
import { identityOf, RecordRepository, type MediaUpsert, type UpsertedMedia } from './record.repository.js';

type Processed = ProcessedItem<MediaPayload, MediaOutcome>;

const UNCHANGED = { state: 'skipped', reason: 'already exists' } as const;
/** The medium was removed after the import was accepted, and stays so. */
const REMOVED = { state: 'skipped', reason: 'removed by a later call' } as const;
const REPLACED = { state: 'skipped', reason: 'replaced by a later import' } as const;

/** Records outcomes in the library: creates, updates or skips media. */
@Injectable()
export class RecordStep {
  constructor(
    private readonly repository: RecordRepository,
    private readonly dataSource: DataSource,
    private readonly events: Events,
    private readonly environment: Environment,
  ) {}

  /**
   * @param shown names of the facts that results contain
   * @returns results in the order of the input
   */
  async run(
    tx: EntityManager,
    processed: readonly Processed[],
    shown: readonly string[],
  ): Promise<Array<ItemResult<MediaResult>>> {
    const upserts = await this.upsertsOf(tx, processed);
    const results = new Map<number, ItemResult<MediaResult>>();
    const changes = new Map<string, MediaChanged>();
    for (const round of withoutRepeats(upserts)) {
      for (const upserted of await this.repository.upsertMedia(tx, round)) {
        const upsert = round[upserted.place];
        if (upsert === undefined) continue;
        const { mediaId, version, changed, versionSequence } = upserted;
        const isNew = versionSequence === upsert.item.sequence;
        const result = { ...resultOf(mediaId, upsert.asset, shown), version };
        results.set(upsert.index, isNew ? { state: 'success', result } : { ...UNCHANGED, result });
        // By version, because a repeated medium without changes was changed by this transaction as well.
        if (changed) changes.set(`${mediaId}:${version}`, changeOf(upsert, upserted));
      }
    }
    await this.events.record(tx, [...changes.values()]);
    await this.addReplaced(tx, processed, results, shown);
    return processed.map(({ item }, index) => {
      const result = results.get(index);
      if (result === undefined) throw new Error(`No medium was recorded for item ${item.id}`);
      return result;
    });
  }

  /** Ensures a row for every known or stored file, and builds an upsert for every medium that is not superseded. */
  private async upsertsOf(
    tx: EntityManager,
    processed: readonly Processed[],
  ): Promise<Array<MediaUpsert & { index: number }>> {
    const assets = await this.repository.keepAssets(
      tx,
      processed.flatMap(({ item, outcome }) =>
        outcome.superseded
          ? []
          : [{ projectId: item.projectId, kind: item.kind, stored: outcome.stored, ...outcome.asset }],
      ),
    );
    return processed.flatMap(({ item, outcome }, index): Array<MediaUpsert & { index: number }> => {
      if (outcome.superseded) return [];
      this.refuseOld(outcome);
      const asset = assets.get(`${item.projectId}:${item.kind}:${outcome.asset.sha256}`);
      if (asset === undefined) throw new Error(`Asset ${outcome.asset.sha256} no longer exists`);
      return [{ index, item, asset, validators: outcome.validators }];
    });
  }

  /** Media that a later import has changed: their results describe the current state. */
  private async addReplaced(
    tx: EntityManager,
    processed: readonly Processed[],
    results: Map<number, ItemResult<MediaResult>>,
    shown: readonly string[],
  ): Promise<void> {
    const late = processed.flatMap(({ item }, index) => (results.has(index) ? [] : [{ item, index }]));
    if (late.length === 0) return;
    const current = await this.repository.current(
      tx,
      late.map(({ item }) => item),
    );
    late.forEach(({ index }, place) => {
      const medium = current[place];
      if (medium === undefined) return;
      const why = medium.isRemoved ? REMOVED : REPLACED;
      results.set(index, { ...why, result: resultOf(medium.mediaId, medium, shown) });
    });
  }

  /** Refuses a result whose file has been unreferenced for so long that the sweep may be about to remove it. */
  private refuseOld({ stored, downloadedAt }: { stored: boolean; downloadedAt: number | null }): void {
    if (!stored || downloadedAt === null) return;
    if (Date.now() - downloadedAt > this.environment.ORPHAN_GRACE_MS / 2) {
      throw new Error('The result is too old to be recorded');
    }
  }

  /** Whether the library refers to a stored file. */
  isReferenced(storageKey: string): Promise<boolean> {
    return this.repository.isReferenced(this.dataSource.manager, storageKey);
  }
}

function resultOf(
  mediaId: string,
  { sha256, size, storageKey, mimeType, facts = {} }: Partial<AssetFacts>,
  shown: readonly string[],
): MediaResult {
  const known = new Map<string, unknown>(Object.entries(facts));
  return {
    mediaId,
    sha256,
    size,
    storageKey,
    mimeType,
    ...Object.fromEntries(shown.map((fact) => [fact, known.get(fact)])),
  };
}

function changeOf(
  { item: { projectId, importId, kind, systemName, externalId, title } }: MediaUpsert,
  { mediaId, version }: UpsertedMedia,
): MediaChanged {
  const type = version === 1 ? 'media.created' : 'media.updated';
  return { type, projectId, importId, kind, mediaId, version, systemName, externalId, title };
}

/**
 * One statement can write a row only once, so two imports of one medium in the same batch are recorded one after the
 * other.
 */
function withoutRepeats<T extends MediaUpsert>(upserts: readonly T[]): T[][] {
  const rounds: T[][] = [];
  const seen = new Map<string, number>();
  for (const upsert of upserts.toSorted(bySequence)) {
    const identity = identityOf(upsert.item);
    const round = seen.get(identity) ?? 0;
    seen.set(identity, round + 1);
    (rounds[round] ??= []).push(upsert);
  }
  return rounds;
}
