import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';

export interface PageOptions {
  projectId: number;
  limit: number;
  /** Id of the last row on the previous page. */
  after?: string | undefined;
}

/**
 * Limits a query to one page of a project's rows, newest first, by keyset, so that the cost does not depend on the
 * page. The table must have `project_id`, `created_at` and `id`, and an index on these columns.
 */
export function newestFirst<Entity extends ObjectLiteral>(
  query: SelectQueryBuilder<Entity>,
  { projectId, limit, after }: PageOptions,
): SelectQueryBuilder<Entity> {
  const { alias } = query;
  const tableName = query.expressionMap.mainAlias?.metadata.tableName;
  query.andWhere(`${alias}.project_id = :projectId`, { projectId });
  if (after !== undefined) {
    query.andWhere(
      `(${alias}.created_at, ${alias}.id) <
       (SELECT last.created_at, last.id FROM ${tableName} last WHERE last.project_id = :projectId AND last.id = :after)`,
      { after },
    );
  }
  return query.orderBy(`${alias}.createdAt`, 'DESC').addOrderBy(`${alias}.id`, 'DESC').limit(limit);
}
