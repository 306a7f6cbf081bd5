import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const SQL = /\b(?:UPDATE|INSERT INTO|DELETE FROM|TRUNCATE)\s+"?import_items\b/i;
const BY_ENTITY = /\.(?:update|insert|upsert|delete|save|remove)\(ImportItem\b/;
/** Access to the repository of TypeORM, which reads and writes. */
const REPOSITORY = /InjectRepository\(ImportItem\)|getRepository\(ImportItem\)/;
const BY_REPOSITORY =
  /\.(?:update|insert|upsert|delete|save|remove|softDelete|softRemove|restore|recover|increment|decrement|clear)\(/;

const writesItems = (source: string): boolean =>
  SQL.test(source) || BY_ENTITY.test(source) || (REPOSITORY.test(source) && BY_REPOSITORY.test(source));

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((file) => join('src', file))
  .filter((file) => file.endsWith('.ts') && !/\.spec\.ts$|\/testing\/|\/migrations\//.test(file));

it('only src/imports/item writes items', () => {
  const writers = sources.filter((file) => writesItems(readFileSync(file, 'utf8')));
  expect(writers).toEqual(['src/imports/item/item.statements.ts']);
});

it.each([
  [true, 'UPDATE import_items SET state'],
  [true, 'tx.save(ImportItem, item)'],
  [true, '@InjectRepository(ImportItem) items …; this.items.createQueryBuilder().update().set()'],
  [true, 'tx.getRepository(ImportItem).delete({ id })'],
  [false, '@InjectRepository(ImportItem) items …; this.items.find()'],
  [false, 'SELECT state FROM import_items'],
])('is %s for %s', (writes, source) => {
  expect(writesItems(source)).toBe(writes);
});
