import type { MigrationInterface } from 'typeorm';

/** What an extension keeps in the database. */
export interface ExtensionSchema {
  /** Its tables begin with it. */
  readonly name: string;
  readonly entities?: ReadonlyArray<new () => object>;
  readonly migrations?: ReadonlyArray<new () => MigrationInterface>;
}

/** The schemas of the extensions of this process, in the order in which they are migrated. */
export class ExtensionSchemas {
  constructor(readonly list: readonly ExtensionSchema[]) {}
}

/** The table that lists the applied migrations of an extension. */
export function migrationsTableOf({ name }: ExtensionSchema): string {
  return `migrations_${name}`;
}

/** Whether a table belongs to an extension. */
export function isOwnTable({ name }: ExtensionSchema, table: string): boolean {
  return table === name || table.startsWith(`${name}_`);
}
