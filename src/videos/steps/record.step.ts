import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Environment } from '../../config/environment.js';
import type { ItemResult, ProcessedItem } from '../../imports/import-kind.js';
import type { VideoOutcome, VideoPayload, VideoResult } from '../video-import.js';
import { RecordRepository, type VideoUpsert } from './record.repository.js';

type Processed = ProcessedItem<VideoPayload, VideoOutcome>;

/** Writes what was found out into the library: creates, updates or leaves alone. */
@Injectable()
export class RecordStep {
  constructor(
    private readonly repository: RecordRepository,
    private readonly dataSource: DataSource,
    private readonly environment: Environment,
  ) {}

  /** Results in the order of the input. */
  async run(tx: EntityManager, processed: readonly Processed[]): Promise<Array<ItemResult<VideoResult>>> {
    const assetIds = await this.repository.keepAssets(
      tx,
      processed.flatMap(({ item, outcome }) =>
        outcome.superseded ? [] : [{ projectId: item.projectId, stored: outcome.stored, ...outcome.asset }],
      ),
    );
    const upserts = processed.flatMap(({ item, outcome }, index): Array<VideoUpsert & { index: number }> => {
      if (outcome.superseded) return [];
      this.refuseOld(outcome);
      const assetId = assetIds.get(`${item.projectId}:${outcome.asset.sha256}`);
      if (assetId === undefined) throw new Error(`Asset ${outcome.asset.sha256} has gone`);
      return [{ index, item, assetId, validators: outcome.validators }];
    });
    const changed = new Set<number>();
    const heard = new Set<number>();
    for (const round of withoutRepeats(upserts)) {
      const rows = await this.repository.upsertVideos(tx, round);
      for (const { place, versionSequence } of rows) {
        const upsert = round[place];
        if (upsert === undefined) continue;
        heard.add(upsert.index);
        if (versionSequence === upsert.item.sequence) changed.add(upsert.index);
      }
    }
    const current = await this.repository.current(
      tx,
      processed.map(({ item }) => item),
    );
    return processed.map(({ item }, index) => {
      const result: VideoResult | undefined = current[index];
      if (result === undefined) throw new Error(`No video was recorded for item ${item.id}`);
      if (changed.has(index)) return { state: 'success', result };
      const reason = heard.has(index) ? 'already exists' : 'replaced by a later import';
      return { state: 'skipped', reason, result };
    });
  }

  /** A file that nobody referred to for long may be about to be removed: such a result counts no more. */
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

/** One statement can write a row once: two imports of one video in the same batch go one after the other. */
function withoutRepeats<T extends VideoUpsert>(upserts: readonly T[]): T[][] {
  const rounds: T[][] = [];
  const seen = new Map<string, number>();
  for (const upsert of upserts.toSorted((a, b) => (a.item.sequence < b.item.sequence ? -1 : 1))) {
    const { projectId, systemName, externalId } = upsert.item;
    const identity = JSON.stringify([projectId, systemName, externalId]);
    const round = seen.get(identity) ?? 0;
    seen.set(identity, round + 1);
    (rounds[round] ??= []).push(upsert);
  }
  return rounds;
}
