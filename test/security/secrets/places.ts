import type { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import { marksIn, type Marks } from './marks.js';

/** Every database column with secrets, as `table.column`, and the names of these secrets. */
export async function columnsWithMarks(
  dataSource: DataSource,
  marks: Marks,
): Promise<Record<string, string[]>> {
  const tables = await dataSource.query<Array<{ name: string }>>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`,
  );
  const found: Record<string, string[]> = {};
  for (const { name } of tables) {
    const columns = await dataSource.query<Array<{ column: string; values: string }>>(
      `SELECT cell.key AS column, string_agg(cell.value, E'\\n') AS values
       FROM "${name}" AS one, jsonb_each_text(to_jsonb(one)) AS cell GROUP BY cell.key ORDER BY cell.key`,
    );
    for (const { column, values } of columns) {
      const names = marksIn(values ?? '', marks);
      if (names.length > 0) found[`${name}.${column}`] = names;
    }
  }
  return found;
}

/** Every key below a prefix and its value, one per line. */
export async function everythingInRedis(redis: Redis, prefix: string): Promise<string[]> {
  const lines: string[] = [];
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', 1_000);
    for (const key of keys) lines.push(`${key} ${JSON.stringify(await valueOf(redis, key))}`);
    cursor = next;
  } while (cursor !== '0');
  return lines;
}

async function valueOf(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key);
  switch (type) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, '0', '-1', 'WITHSCORES');
    case 'stream':
      return redis.xrange(key, '-', '+');
    case 'none':
      return null; // deleted in the meantime
    default:
      throw new Error(`Redis holds a ${type} under ${key}, which this test cannot read`);
  }
}
