import type { QueryRunner } from 'typeorm';
import { type ExtensionSchema, migrationsTableOf } from './extension-schemas.js';

/** Tables, views, sequences, types and functions of a schema, except those of one extension and of PostgreSQL's own. */
const RELATIONS = `
  relation AS (
    SELECT oid, relname, relkind FROM pg_class
    WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
      AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND relname <> $2 AND NOT starts_with(relname, $2 || '_') AND relname <> 'typeorm_metadata'
      AND relname <> $1 AND NOT starts_with(relname, $1 || '_')
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
  )`;

/** What a migration must leave alone: name of the table, and one of its properties; null for the table itself. */
interface ForeignObject {
  table: string;
  property: string | null;
}

/** Every table that is not the extension's, with its columns, constraints, indexes and triggers. */
export function foreignObjects(runner: QueryRunner, schema: ExtensionSchema): Promise<ForeignObject[]> {
  return runner.query(
    `WITH ${RELATIONS}
     SELECT relname AS "table", NULL AS property FROM relation
     UNION ALL
     SELECT relname, concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
       pg_get_expr(adbin, adrelid))
     FROM relation JOIN pg_attribute ON attrelid = oid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     WHERE attnum > 0 AND NOT attisdropped AND relkind <> 'S'
     UNION ALL
     SELECT relname, conname || ' ' || pg_get_constraintdef(pg_constraint.oid) FROM relation JOIN pg_constraint ON conrelid = relation.oid
     UNION ALL
     SELECT relname, pg_get_indexdef(indexrelid) FROM relation JOIN pg_index ON indrelid = oid
     UNION ALL
     SELECT relname, pg_get_triggerdef(pg_trigger.oid) FROM relation JOIN pg_trigger ON tgrelid = relation.oid
     WHERE NOT tgisinternal
     UNION ALL
     SELECT relname, pg_get_viewdef(oid) FROM relation WHERE relkind IN ('v', 'm')
     ORDER BY 1, 2`,
    [schema.name, migrationsTableOf(schema)],
  );
}

/** Foreign keys of the extension's tables to tables of others, except to `projects(id)`, such as `a_lines → media`. */
export async function foreignReferences(runner: QueryRunner, { name }: ExtensionSchema): Promise<string[]> {
  const rows: Array<{ reference: string }> = await runner.query(
    `SELECT format('%s → %s', own.relname, target.relname) AS reference
     FROM pg_constraint
       JOIN pg_class own ON own.oid = conrelid
       JOIN pg_class target ON target.oid = confrelid
     WHERE contype = 'f' AND connamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
       AND (own.relname = $1 OR starts_with(own.relname, $1 || '_'))
       AND NOT (target.relname = $1 OR starts_with(target.relname, $1 || '_'))
       AND NOT (target.relname = 'projects' AND confkey = (
         SELECT ARRAY[attnum] FROM pg_attribute WHERE attrelid = confrelid AND attname = 'id'))
     ORDER BY 1`,
    [name],
  );
  return rows.map(({ reference }) => reference);
}

/**
 * Says which tables of others have been created, removed or changed.
 *
 * @param before the objects before the change
 * @param after the objects after the change
 */
export function changedTables(
  before: readonly ForeignObject[],
  after: readonly ForeignObject[],
): { created: string[]; dropped: string[]; changed: string[] } {
  const [had, has] = [textsOf(before), textsOf(after)];
  const tables = [...new Set([...had.keys(), ...has.keys()])];
  return {
    created: tables.filter((table) => !had.has(table)),
    dropped: tables.filter((table) => !has.has(table)),
    changed: tables.filter((table) => had.has(table) && has.has(table) && had.get(table) !== has.get(table)),
  };
}

/** The properties of each table in one text. */
function textsOf(objects: readonly ForeignObject[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { table, property } of objects) {
    texts.set(table, `${texts.get(table) ?? ''}\n${property ?? ''}`);
  }
  return texts;
}
