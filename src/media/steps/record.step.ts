import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Environment } from '../../config/environment.js';
import type { ItemResult, ProcessedItem } from '../../imports/import-kind.js';
import type { VideoOutcome, VideoPayload, VideoResult } from '../media-import.js';
import { identityOf, RecordRepository, type VideoUpsert } from './record.repository.js';

type Processed = ProcessedItem<VideoPayload, VideoOutcome>;

const UNCHANGED = { state: 'skipped', reason: 'already exists' } as const;
const REPLACED = { state: 'skipped', reason: 'replaced by a later import' } as const;

/** Records outcomes in the library: creates, updates or skips videos. */
@Injectable()
export class RecordStep {
  constructor(
    private readonly repository: RecordRepository,
    private readonly dataSource: DataSource,
    private readonly environment: Environment,
  ) {}

  /** Returns results in the order of the input. */
  async run(tx: EntityManager, processed: readonly Processed[]): Promise<Array<ItemResult<VideoResult>>> {
    const upserts = await this.upsertsOf(tx, processed);
    const results = new Map<number, ItemResult<VideoResult>>();
    for (const round of withoutRepeats(upserts)) {
      for (const { place, mediaId, versionSequence } of await this.repository.upsertVideos(tx, round)) {
        const upsert = round[place];
        if (upsert === undefined) continue;
        const { id: _, ...asset } = upsert.asset;
        const isNew = versionSequence === upsert.item.sequence;
        const result = { mediaId, ...asset };
        results.set(upsert.index, isNew ? { state: 'success', result } : { ...UNCHANGED, result });
      }
    }
    await this.addReplaced(tx, processed, results);
    return processed.map(({ item }, index) => {
      const result = results.get(index);
      if (result === undefined) throw new Error(`No video was recorded for item ${item.id}`);
      return result;
    });
  }

  /** Ensures a row for every known or stored file, and builds an upsert for every video that is not superseded. */
  private async upsertsOf(
    tx: EntityManager,
    processed: readonly Processed[],
  ): Promise<Array<VideoUpsert & { index: number }>> {
    const assets = await this.repository.keepAssets(
      tx,
      processed.flatMap(({ item, outcome }) =>
        outcome.superseded ? [] : [{ projectId: item.projectId, stored: outcome.stored, ...outcome.asset }],
      ),
    );
    return processed.flatMap(({ item, outcome }, index): Array<VideoUpsert & { index: number }> => {
      if (outcome.superseded) return [];
      this.refuseOld(outcome);
      const asset = assets.get(`${item.projectId}:${outcome.asset.sha256}`);
      if (asset === undefined) throw new Error(`Asset ${outcome.asset.sha256} no longer exists`);
      return [{ index, item, asset, validators: outcome.validators }];
    });
  }

  /** Videos that a later import has changed: their results describe the current state. */
  private async addReplaced(
    tx: EntityManager,
    processed: readonly Processed[],
    results: Map<number, ItemResult<VideoResult>>,
  ): Promise<void> {
    const late = processed.flatMap(({ item }, index) => (results.has(index) ? [] : [{ item, index }]));
    if (late.length === 0) return;
    const current = await this.repository.current(
      tx,
      late.map(({ item }) => item),
    );
    late.forEach(({ index }, place) => {
      const result = current[place];
      if (result !== undefined) results.set(index, { ...REPLACED, result });
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

/** Repeated videos within one import keep their processing order. */
function bySequence(a: VideoUpsert, b: VideoUpsert): number {
  return a.item.sequence < b.item.sequence ? -1 : Number(a.item.sequence > b.item.sequence);
}

/**
 * One statement can write a row only once, so two imports of one video in the same batch are recorded one after the
 * other.
 */
function withoutRepeats<T extends VideoUpsert>(upserts: readonly T[]): T[][] {
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
