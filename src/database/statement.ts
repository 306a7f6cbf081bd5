import type { ClientBase, QueryResult, QueryResultRow } from 'pg';
import { QueryFailedError, type EntityManager } from 'typeorm';

/**
 * A named statement of a hot path. PostgreSQL parses it once per connection and reuses its plan, which saves a third of
 * the cost of a small batch. TypeORM cannot name statements, so this class uses its connection directly.
 *
 * @typeParam Params values of `$1`, `$2` and so on
 * @typeParam Row result row as parsed by pg: `bigint` as string
 * @see https://node-postgres.com/features/queries#prepared-statements
 */
export class Statement<Params extends readonly unknown[], Row extends QueryResultRow> {
  /** @param name also the name of the prepared statement, at most 63 bytes */
  constructor(
    readonly name: string,
    readonly text: string,
  ) {}

  /** @throws QueryFailedError like TypeORM */
  async rows(tx: EntityManager, ...values: Params): Promise<Row[]> {
    return (await this.run(tx, values)).rows;
  }

  /** @returns the number of rows written or selected */
  async count(tx: EntityManager, ...values: Params): Promise<number> {
    return (await this.run(tx, values)).rowCount ?? 0;
  }

  private async run(tx: EntityManager, values: Params): Promise<QueryResult<Row>> {
    const { queryRunner } = tx;
    if (queryRunner === undefined) throw new Error(`Statement ${this.name} needs a transaction`);
    const client: ClientBase = await queryRunner.connect();
    const { name, text } = this;
    const parameters = [...values];
    try {
      return await client.query<Row>({ name, text, values: parameters });
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const event = [text, parameters, false, undefined, undefined, error] as const;
      await queryRunner.broadcaster.broadcast('AfterQuery', ...event);
      throw new QueryFailedError(text, parameters, error);
    }
  }
}

const registered = new Map<string, Statement<never, QueryResultRow>>();

/**
 * Registers a statement of a hot path.
 *
 * @param name `room.verb`
 * @throws Error if the name is already registered
 */
export function statement<Params extends readonly unknown[], Row extends QueryResultRow = never>(
  name: string,
  text: string,
): Statement<Params, Row> {
  if (registered.has(name)) throw new Error(`Statement ${name} is already registered`);
  const added = new Statement<Params, Row>(name, text);
  registered.set(name, added);
  return added;
}

/** All statements of the hot paths, for the plan check. */
export function registeredStatements(): Array<Pick<Statement<never, never>, 'name' | 'text'>> {
  return [...registered.values()];
}
