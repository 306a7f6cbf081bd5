import { Command, Option } from 'commander';
import type { Installation } from './installation.js';

// Loaded on demand: help and usage errors need no application.
const actions = () => import('./project.actions.js');

/** Projects from the command line. */
export function projectCommand(installation: Installation): Command {
  const group = new Command('project').description(
    'Manage projects: list them, set metadata schemas, get the webhook secret',
  );
  group
    .command('list')
    .description('List all projects')
    .action(async () => (await actions()).list(installation));
  group
    .command('schema')
    .description('Set, remove or print the JSON Schema (2020-12) of the metadata of a kind')
    .requiredOption('--project <name>', 'name of the project')
    .option('--kind <name>', 'kind of media that the schema is for', 'videos')
    .option('--file <path>', 'JSON file with the schema')
    .addOption(new Option('--clear', 'remove the schema and allow any object').conflicts('file'))
    .action(async (options) => (await actions()).schema(installation, options));
  group
    .command('webhook-secret')
    .description('Print only the secret that signs webhooks to stdout')
    .requiredOption('--project <name>', 'name of the project')
    .option('--rotate', 'create a new secret; the previous one stays valid for 24 hours')
    .action(async (options) => (await actions()).webhookSecret(installation, options));
  return group;
}
