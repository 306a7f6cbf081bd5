import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** SQL that writes items, and TypeORM's means of access to their repository. */
const WRITES =
  /\b(?:UPDATE|INSERT INTO|DELETE FROM|TRUNCATE)\s+"?import_items\b|InjectRepository\(ImportItem\)|getRepository\(ImportItem\)|\.(?:update|insert|delete|save)\(ImportItem\b/i;

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((file) => join('src', file))
  .filter((file) => file.endsWith('.ts') && !/\.spec\.ts$|\/testing\/|\/migrations\//.test(file));

function writers(): string[] {
  return sources.filter((file) => WRITES.test(readFileSync(file, 'utf8')));
}

it('only src/imports/item writes items', () => {
  expect(writers().filter((file) => !file.startsWith('src/imports/item/'))).toEqual([]);
});

it('the pattern detects the writes of src/imports/item', () => {
  expect(writers()).toEqual(['src/imports/item/item.statements.ts']);
});
