import type { FieldColumns } from '#libs/client/table';
import { store, stored } from '../../lib/stored.js';

/** Fields of an entry that a column is chosen for, in the order of the page. */
export const FIELDS = ['id', 'url', 'title', 'sha256', 'size'] as const;
export type Field = (typeof FIELDS)[number];

/** Which column becomes which field; an empty one: none. */
export type Columns = Readonly<Record<Field, string>>;

export interface Choice {
  columns: Columns;
  /** Columns that are left out. */
  ignored: readonly string[];
}

/** What a mapping begins with: the choice of this session for the same columns, else a guess. */
export function firstChoice(columns: readonly string[], guess: FieldColumns, isUrls: boolean): Choice {
  return (
    remembered(columns) ?? { columns: { ...columnsOf(guess), ...(isUrls && { id: 'url' }) }, ignored: [] }
  );
}

export function remember(columns: readonly string[], choice: Choice): void {
  store(keyOf(columns), JSON.stringify(choice));
}

function columnsOf({ id = '', url = '', title = '', sha256 = '', size = '' }: FieldColumns): Columns {
  return { id, url, title, sha256, size };
}

function remembered(columns: readonly string[]): Choice | undefined {
  const text = stored(keyOf(columns));
  if (text === undefined) return undefined;
  const choice: Choice = JSON.parse(text);
  return choice;
}

function keyOf(columns: readonly string[]): string {
  return `columns.${JSON.stringify(columns)}`;
}
