import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { isComputed, resultOf, type ResultField } from './result-field.js';
import { ResultSql } from './result-sql.js';

const STORED = { text: 'a"b', count: 7, 'it\'s "$1"': null, list: [1, { a: 'b' }], yes: true };

const FIELDS: ResultField[] = [
  { name: 'text', source: { member: 'text' } },
  { name: 'count', source: { member: 'count' } },
  { name: 'o\'clock "$2" \\', source: { member: 'list' } },
  { name: 'yes', source: { member: 'yes' } },
  { name: 'none', source: { member: 'it\'s "$1"' } },
  { name: 'absent', source: { member: "'; DROP TABLE import_items; --" } },
  { name: 'constant', source: { text: "it's \\ $3" } },
  { name: 'url', source: { before: "http://h/'", member: 'text', after: '?a=$1' } },
  { name: 'bare', source: { before: "http://h/'", member: 'text', after: '' } },
  { name: 'noText', source: { before: 'x', member: 'absent', after: 'y' } },
];

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

/** One row of this select list over a stored result. */
async function select(sql: ResultSql, columns: string): Promise<Record<string, unknown>> {
  const stored = sql.place(JSON.stringify(STORED));
  const [row] = await database.dataSource.query<Array<Record<string, unknown>>>(
    `SELECT ${columns} FROM (SELECT ${stored}::jsonb AS result) item`,
    sql.parameters,
  );
  return row;
}

describe('the result', () => {
  it('is the same in SQL and in this process, in the order of its fields', async () => {
    const sql = new ResultSql();
    const { json } = await select(sql, `${sql.result(FIELDS)} AS json`);
    expect(JSON.stringify(json)).toBe(JSON.stringify(resultOf(FIELDS, STORED)));
  });

  it('is an empty object without fields', async () => {
    const sql = new ResultSql();
    expect(await select(sql, `${sql.result([])} AS json`)).toEqual({ json: {} });
  });

  it.each([50, 51])('may have %i fields', async (count) => {
    const fields = Array.from({ length: count }, (_, index) => ({
      name: `f${index}`,
      source: { member: 'count' },
    }));
    const sql = new ResultSql();
    const { json } = await select(sql, `${sql.result(fields)} AS json`);
    const result = isComputed(fields) ? resultOf(fields, STORED) : json;
    expect(result).toEqual(Object.fromEntries(fields.map(({ name }) => [name, 7])));
  });
});

it('columns have the values of the result', async () => {
  const sql = new ResultSql();
  expect(await select(sql, sql.columns(FIELDS).join(', '))).toEqual(resultOf(FIELDS, STORED));
});
