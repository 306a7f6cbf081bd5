import { Command, Option } from 'commander';
import type { Installation } from './installation.js';

// Loaded on demand: help and usage errors need no database.
const actions = () => import('./migrate.actions.js');

/** Migrations of Reelport and its extensions from the command line. */
export function migrateCommand(installation: Installation): Command {
  return new Command('migrate')
    .description('Apply the migrations of Reelport and its extensions')
    .option('--check', 'change nothing; exit with 1 if migrations are pending or tables differ from entities')
    .addOption(
      new Option(
        '--revert <extension>',
        'revert all migrations of an extension; its tables are removed',
      ).conflicts('check'),
    )
    .action(async (options) => (await actions()).migrations(installation, options));
}
