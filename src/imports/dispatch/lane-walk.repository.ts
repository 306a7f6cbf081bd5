import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { prepared } from '../../database/preparing-client.js';
import type { Lane } from './lane.js';

/** An import that is not finished, and where the walk goes on in it. */
export interface StartedImport {
  projectId: number;
  importId: string;
  sequence: string;
}

/** A lane as the walk found it. */
export interface FoundLane extends Lane {
  /** Whether its first item may be taken now. */
  isDue: boolean;
  /** Whether the circuit of its host is open: it failed, or has asked for a pause. */
  isBlocked: boolean;
  /** Whether its host has been failing for so long that its items are to be given up. */
  isUnreachable: boolean;
  /** Whether what is known of its host is about to expire. */
  hostExpires: boolean;
}

export interface Stretch {
  importId: string;
  /** The walk begins behind this host. */
  after: string;
  /** Lanes to look at. */
  steps: number;
}

/** Reads a bounded piece of what waits: each statement steps through an index, from one entry that counts to the next. */
@Injectable()
export class LaneWalkRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Projects with imports of a kind that are not finished, in the order of their ids. */
  async projects(kind: string, after: number, count: number): Promise<number[]> {
    const rows: Array<{ id: number }> = await this.dataSource.query(
      prepared(`WITH RECURSIVE project AS (
         (SELECT project_id AS id FROM imports WHERE state = 'started' AND kind = $1 AND project_id > $2
          ORDER BY kind, project_id LIMIT 1)
         UNION ALL
         SELECT next.id FROM project CROSS JOIN LATERAL (
           SELECT project_id AS id FROM imports WHERE state = 'started' AND kind = $1 AND project_id > project.id
           ORDER BY kind, project_id LIMIT 1
         ) next
       )
       SELECT id FROM project LIMIT $3`),
      [kind, after, count],
    );
    return rows.map(({ id }) => id);
  }

  /** Up to `count` imports of each project, in the order of acceptance, behind the sequence that is given for it. */
  imports(
    kind: string,
    projects: ReadonlyArray<{ id: number; after: string }>,
    count: number,
  ): Promise<StartedImport[]> {
    return this.dataSource.query(
      prepared(`SELECT project.id AS "projectId", import.id AS "importId", import.sequence
       FROM unnest($2::integer[], $3::bigint[]) AS project (id, after)
       CROSS JOIN LATERAL (
         SELECT id, sequence FROM imports
         WHERE state = 'started' AND kind = $1 AND project_id = project.id AND sequence > project.after
         ORDER BY kind, project_id, sequence LIMIT $4
       ) import`),
      [kind, projects.map(({ id }) => id), projects.map(({ after }) => after), count],
    );
  }

  /** The lanes of some stretches. However much waits in a lane, its first item alone is read. */
  async lanes(
    stretches: readonly Stretch[],
    { patienceMs, renewedBeforeMs }: { patienceMs: number; renewedBeforeMs: number },
  ): Promise<FoundLane[]> {
    const rows: Array<Omit<FoundLane, 'sequence'> & { sequence: string }> = await this.dataSource.query(
      prepared(`SELECT import.project_id AS "projectId", import.id AS "importId", import.sequence, lane.host,
         lane.due_at <= now() AS "isDue",
         coalesce(greatest(host.blocked_until, host.asked_until) > now(), false) AS "isBlocked",
         coalesce(greatest(host.failing_since, import.started_at) < now() - $4 * interval '1 millisecond'
           AND host.failing_since IS NOT NULL, false) AS "isUnreachable",
         coalesce(host.expires_at < now() + $5 * interval '1 millisecond', false) AS "hostExpires"
       FROM unnest($1::text[], $2::text[], $3::integer[]) AS stretch (import_id, after, steps)
       JOIN imports import ON import.id = stretch.import_id
       CROSS JOIN LATERAL (
         WITH RECURSIVE step AS (
           (SELECT origin_host AS host, due_at, 1 AS number FROM import_items
            WHERE state = 'pending' AND import_id = stretch.import_id AND origin_host > stretch.after
            ORDER BY import_id, origin_host, due_at LIMIT 1)
           UNION ALL
           SELECT next.host, next.due_at, step.number + 1 FROM step CROSS JOIN LATERAL (
             SELECT origin_host AS host, due_at FROM import_items
             WHERE state = 'pending' AND import_id = stretch.import_id AND origin_host > step.host
             ORDER BY import_id, origin_host, due_at LIMIT 1
           ) next
           WHERE step.number < stretch.steps
         )
         SELECT host, due_at, number FROM step
       ) lane
       LEFT JOIN origin_hosts host ON host.host = lane.host
       ORDER BY import.sequence, lane.number`),
      [
        stretches.map(({ importId }) => importId),
        stretches.map(({ after }) => after),
        stretches.map(({ steps }) => steps),
        patienceMs,
        renewedBeforeMs,
      ],
    );
    return rows.map((row) => ({ ...row, sequence: BigInt(row.sequence) }));
  }
}
