import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { NO_HOST } from '../hosts/no-host.js';
import { OriginHost } from '../hosts/origin-host.entity.js';
import { ImportItem } from '../item/import-item.entity.js';
import { statesBehind, type ShownState } from '../shown-state.js';
import type { ThrottleRow } from '../waiting/host-throttle.dto.js';

/** Items of an import from one host, and the throttle of the host. */
export interface ImportHost extends ThrottleRow, Record<ShownState, number> {
  host: string | null;
  total: number;
  /** Of the files of successful items. */
  bytes: number;
  /** Items that finished since the given time, and the bytes of their files. */
  lately: number;
  latelyBytes: number;
  /** Of all hosts of the import, the same in each row. */
  hosts: number;
  allBytes: number;
  allLatelyBytes: number;
}

const COUNTED: readonly ShownState[] = ['pending', 'running', 'planned', 'success', 'skipped', 'failed'];

/** SQL: the size in the result of `item`; results of other kinds may call something else so. */
const SIZE = `CASE WHEN jsonb_typeof(item.result->'size') = 'number' THEN (item.result->>'size')::numeric END`;

@Injectable()
export class ImportHostsRepository {
  constructor(@InjectRepository(ImportItem) private readonly items: Repository<ImportItem>) {}

  /**
   * The hosts with the most items first. Reads the items of one import once, at most 10 000.
   *
   * @param since beginning of the time for the rates
   * @param limit maximum hosts
   */
  list(importId: string, since: Date, limit: number): Promise<ImportHost[]> {
    const query = this.items
      .createQueryBuilder('item')
      .select(`nullif(item.originHost, '${NO_HOST}')`, 'host')
      .addSelect('count(*)::integer', 'total')
      .leftJoin(OriginHost, 'throttle', 'throttle.host = item.originHost')
      .where('item.importId = :importId', { importId });
    for (const state of COUNTED) {
      const states = statesBehind(state)
        .map((name) => `'${name}'`)
        .join(', ');
      query.addSelect(`count(*) FILTER (WHERE item.state IN (${states}))::integer`, state);
    }
    const success = `item.state = 'success'`;
    const lately = 'item.finishedAt >= :since';
    const bytes = `coalesce(sum(${SIZE}) FILTER (WHERE ${success}), 0)`;
    const latelyBytes = `coalesce(sum(${SIZE}) FILTER (WHERE ${success} AND ${lately}), 0)`;
    return query
      .setParameter('since', since)
      .addSelect(`${bytes}::double precision`, 'bytes')
      .addSelect(`count(*) FILTER (WHERE ${lately})::integer`, 'lately')
      .addSelect(`${latelyBytes}::double precision`, 'latelyBytes')
      .addSelect('(count(*) OVER ())::integer', 'hosts')
      .addSelect(`(sum(${bytes}) OVER ())::double precision`, 'allBytes')
      .addSelect(`(sum(${latelyBytes}) OVER ())::double precision`, 'allLatelyBytes')
      .addSelect('coalesce(throttle.failures, 0)', 'failures')
      .addSelect('throttle.share', 'share')
      .addSelect('throttle.blockedUntil', 'blockedUntil')
      .addSelect('throttle.askedUntil', 'askedUntil')
      .addSelect('now()', 'now')
      .groupBy('item.originHost')
      .addGroupBy('throttle.host')
      .orderBy('count(*)', 'DESC')
      .addOrderBy('item.originHost')
      .limit(limit)
      .getRawMany<ImportHost>();
  }
}
