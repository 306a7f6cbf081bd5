import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { statement } from '../../database/statement.js';
import { patienceOf } from '../item/import-progress.js';
import type { Lane } from '../item/lane.js';

/** An unfinished import, and where the walk continues in it. */
export interface StartedImport {
  projectId: number;
  importId: string;
  sequence: string;
  /** Whether it is read because of its priority, wherever the walk is. */
  isUrgent: boolean;
}

/** Imports of high priority per project that the walk reads with every page. */
const URGENT = 16;

/** A lane as read by the walk. */
export interface FoundLane extends Lane {
  /** Whether its first item is due. */
  isDue: boolean;
  /** Whether the circuit of its host is open, after failures or by `Retry-After`. */
  isBlocked: boolean;
  /** Whether its host has been failing for longer than the patience, so that its items are to be given up. */
  isUnreachable: boolean;
  /** Whether the row of its host is about to expire. */
  hostExpires: boolean;
}

export interface Stretch {
  importId: string;
  /** The walk starts after this host. */
  after: string;
  /** Maximum lanes to read. */
  steps: number;
}

/** The smallest id of a project with unfinished imports of these kinds above another id: one look at the index per kind. */
const projectAfter = (
  id: string,
): string => `SELECT first.id FROM unnest($1::text[]) AS wanted (kind) CROSS JOIN LATERAL (
       SELECT project_id AS id FROM imports
       WHERE state = 'started' AND imports.kind = wanted.kind AND project_id > ${id}
       ORDER BY imports.kind, project_id LIMIT 1
     ) first ORDER BY first.id LIMIT 1`;

const selectProjects = statement<[kinds: readonly string[], after: number, count: number], { id: number }>(
  'lanes.select_projects',
  `WITH RECURSIVE project AS (
     (${projectAfter('$2')})
     UNION ALL
     SELECT next.id FROM project CROSS JOIN LATERAL (${projectAfter('project.id')}) next
   )
   SELECT id FROM project LIMIT $3`,
);

const selectImports = statement<
  [kinds: readonly string[], projectIds: readonly number[], after: readonly string[], count: number],
  StartedImport
>(
  'lanes.select_imports',
  `SELECT project.id AS "projectId", import.id AS "importId", import.sequence, import."isUrgent"
   FROM unnest($2::integer[], $3::bigint[]) AS project (id, after)
   CROSS JOIN LATERAL (
     (SELECT found.id, found.sequence, false AS "isUrgent"
      FROM unnest($1::text[]) AS wanted (kind) CROSS JOIN LATERAL (
       SELECT id, sequence FROM imports
       WHERE state = 'started' AND imports.kind = wanted.kind AND project_id = project.id AND sequence > project.after
       ORDER BY imports.kind, project_id, sequence LIMIT $4
      ) found
      ORDER BY found.sequence LIMIT $4)
     UNION ALL
     (SELECT urgent.id, urgent.sequence, true AS "isUrgent"
      FROM unnest($1::text[]) AS wanted (kind) CROSS JOIN LATERAL (
       SELECT id, sequence FROM imports
       WHERE state = 'started' AND priority > 0 AND imports.kind = wanted.kind AND project_id = project.id
       ORDER BY imports.kind, project_id, sequence LIMIT ${URGENT}
      ) urgent
      ORDER BY urgent.sequence LIMIT ${URGENT})
   ) import`,
);

interface LaneRow extends Omit<FoundLane, 'sequence'> {
  sequence: string;
}

const selectLanes = statement<
  [
    importIds: readonly string[],
    after: readonly string[],
    steps: readonly number[],
    patienceMs: number,
    renewedBeforeMs: number,
  ],
  LaneRow
>(
  'lanes.select',
  `SELECT import.project_id AS "projectId", import.id AS "importId", import.sequence, import.priority, lane.host,
     lane.due_at <= now() AS "isDue",
     coalesce(greatest(host.blocked_until, host.asked_until) > now(), false) AS "isBlocked",
     coalesce(greatest(host.failing_since, import.started_at) < now() - ${patienceOf('$4')} * interval '1 millisecond'
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
   ORDER BY import.sequence, lane.number`,
);

/** Reads a bounded part of the backlog: each statement skips through an index from one relevant entry to the next. */
@Injectable()
export class LaneWalkRepository {
  /** Projects with unfinished imports of these kinds, by id. */
  async projects(
    tx: EntityManager,
    kinds: readonly string[],
    after: number,
    count: number,
  ): Promise<number[]> {
    return (await selectProjects.rows(tx, kinds, after, count)).map(({ id }) => id);
  }

  /**
   * Up to `count` imports of each project, in acceptance order, after the sequence given for the project; and its oldest
   * imports of high priority.
   */
  imports(
    tx: EntityManager,
    kinds: readonly string[],
    projects: ReadonlyArray<{ id: number; after: string }>,
    count: number,
  ): Promise<StartedImport[]> {
    const ids = projects.map(({ id }) => id);
    const after = projects.map((project) => project.after);
    return selectImports.rows(tx, kinds, ids, after, count);
  }

  /** The lanes of these stretches. Reads only the first item of each lane. */
  async lanes(
    tx: EntityManager,
    stretches: readonly Stretch[],
    { patienceMs, renewedBeforeMs }: { patienceMs: number; renewedBeforeMs: number },
  ): Promise<FoundLane[]> {
    const rows = await selectLanes.rows(
      tx,
      stretches.map(({ importId }) => importId),
      stretches.map(({ after }) => after),
      stretches.map(({ steps }) => steps),
      patienceMs,
      renewedBeforeMs,
    );
    return rows.map((row) => ({ ...row, sequence: BigInt(row.sequence) }));
  }
}
