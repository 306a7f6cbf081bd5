import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ExtensionError } from '../../config/extension-error.js';
import { serverTrouble } from '../server-trouble.js';
import type { ExtensionSchema } from './extension-schemas.js';
import { changedTables, foreignObjects, foreignReferences } from './foreign-objects.js';

type MigrationClass = new () => MigrationInterface;

/**
 * Wraps a migration of an extension: it is rolled back if it touches tables of others, and its errors name it.
 *
 * @throws ExtensionError from `up` and `down`
 */
export function containedMigration(schema: ExtensionSchema, Migration: MigrationClass): MigrationClass {
  return class implements MigrationInterface {
    readonly name: string;
    readonly transaction?: boolean;
    private readonly inner = new Migration();

    constructor() {
      this.name = this.inner.name ?? Migration.name;
      if (this.inner.transaction !== undefined) this.transaction = this.inner.transaction;
    }

    up(runner: QueryRunner): Promise<void> {
      return this.contained(runner, () => this.inner.up(runner));
    }

    down(runner: QueryRunner): Promise<void> {
      return this.contained(runner, () => this.inner.down(runner));
    }

    private async contained(runner: QueryRunner, work: () => Promise<unknown>): Promise<void> {
      const before = await foreignObjects(runner, schema);
      try {
        await work();
      } catch (error) {
        // An unavailable server is no fault of the migration; the start waits for it.
        if (serverTrouble(error) !== undefined) throw error;
        throw new ExtensionError([
          `${schema.name}: migration ${this.name} fails: ${error instanceof Error ? error.message : String(error)}`,
        ]);
      }
      const faults = await faultsOf(runner, schema, before);
      if (faults.length === 0) return;
      throw new ExtensionError(faults.map((fault) => `${schema.name}: migration ${this.name} ${fault}`));
    }
  };
}

async function faultsOf(
  runner: QueryRunner,
  schema: ExtensionSchema,
  before: Awaited<ReturnType<typeof foreignObjects>>,
): Promise<string[]> {
  const { created, dropped, changed } = changedTables(before, await foreignObjects(runner, schema));
  const { name } = schema;
  return [
    ...created.map((table) => `creates ${table}; names of its tables must begin with ${name}_`),
    ...dropped.map((table) => `drops ${table}, which belongs to Reelport or another extension`),
    ...changed.map((table) => `changes ${table}, which belongs to Reelport or another extension`),
    ...(await foreignReferences(runner, schema)).map(
      (reference) => `adds the foreign key ${reference}; only projects(id) may be referenced`,
    ),
  ];
}
