import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ImportItem } from '../item/import-item.entity.js';
import { ACTION, DRIFTS } from './drift.js';
import type { PlanOutcomeDto, PlanTotalsDto } from './plan.dto.js';

/** Imports of each host whose throughput counts, newest first. */
const RECENT_IMPORTS = 20;

interface SummaryRow extends PlanTotalsDto {
  bytes: number;
  drift: number;
  estimatedSeconds: number | null;
}

@Injectable()
export class PlansRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Sums up the predictions of an import. The estimate is that of its slowest host: the predicted bytes of the host by
   * its throughput in the recent runs of the project, from their start to their end. Null if a host with files to
   * download has no such run, or a file has no known size.
   */
  async summary(projectId: number, importId: string): Promise<SummaryRow> {
    const [row] = await this.dataSource.query<[SummaryRow]>(
      `WITH item AS MATERIALIZED (
         SELECT * FROM import_items WHERE import_id = $2 AND prediction IS NOT NULL
       ),
       wanted AS (
         SELECT origin_host AS host, sum((prediction->>'bytes')::bigint) AS bytes,
           bool_and(prediction ? 'bytes') AS "isKnown"
         FROM item WHERE prediction->>'action' IN ('create', 'update') GROUP BY origin_host
       ),
       recent AS (
         SELECT id, started_at, finished_at FROM imports
         WHERE project_id = $1 AND state = 'success' AND id <> $2
         ORDER BY sequence DESC LIMIT ${RECENT_IMPORTS}
       ),
       measured AS (
         SELECT done.origin_host AS host,
           sum((done.result->>'size')::bigint)
             / nullif(sum(extract(epoch FROM done.until - done.since)), 0) AS rate
         FROM (
           SELECT item.origin_host, jsonb_build_object('size', sum((item.result->>'size')::bigint)) AS result,
             min(recent.started_at) AS since, max(item.finished_at) AS until
           FROM recent JOIN import_items item ON item.import_id = recent.id AND item.state = 'success'
           WHERE item.origin_host IN (SELECT host FROM wanted)
           GROUP BY recent.id, item.origin_host
         ) done GROUP BY done.origin_host
       ),
       estimate AS (
         SELECT CASE WHEN bool_and(wanted."isKnown" AND measured.rate > 0)
           THEN ceil(max(wanted.bytes / measured.rate))::double precision END AS seconds
         FROM wanted LEFT JOIN measured USING (host)
       )
       SELECT (count(*) FILTER (WHERE prediction->>'action' = 'create'))::integer AS create,
         (count(*) FILTER (WHERE prediction->>'action' = 'update'))::integer AS update,
         (count(*) FILTER (WHERE prediction->>'action' = 'skip'))::integer AS skip,
         (count(*) FILTER (WHERE prediction->>'action' = 'fail'))::integer AS fail,
         coalesce(sum((prediction->>'bytes')::bigint)
           FILTER (WHERE prediction->>'action' IN ('create', 'update')), 0)::double precision AS bytes,
         (count(*) FILTER (WHERE ${DRIFTS}))::integer AS drift,
         (SELECT seconds FROM estimate) AS "estimatedSeconds"
       FROM item`,
      [projectId, importId],
    );
    return row;
  }

  /** Compares the predictions of an import with its outcomes. */
  outcomes(importId: string): Promise<PlanOutcomeDto[]> {
    return this.dataSource
      .getRepository(ImportItem)
      .createQueryBuilder('item')
      .select(`item.prediction->>'action'`, 'predicted')
      .addSelect(ACTION, 'actual')
      .addSelect('count(*)::integer', 'items')
      .addSelect(`count(*) FILTER (WHERE ${DRIFTS})::integer`, 'drift')
      .where('item.importId = :importId AND item.prediction IS NOT NULL', { importId })
      .groupBy('predicted')
      .addGroupBy('actual')
      .orderBy('count(*)', 'DESC')
      .addOrderBy('predicted')
      .addOrderBy('actual')
      .getRawMany<PlanOutcomeDto>();
  }
}
