import { Command, Option } from 'commander';

// Loaded when a command runs: help and wrong arguments are answered without the application.
const actions = () => import('./project.actions.js');

/** Projects from the command line. */
export function projectCommand(): Command {
  const group = new Command('project').description('Projects: list, metadata schema, webhook secret');
  group
    .command('list')
    .description('Show all projects')
    .action(async () => (await actions()).list());
  group
    .command('schema')
    .description('Set the JSON Schema (2020-12) of the metadata, remove it, or print it')
    .requiredOption('--project <name>', 'project')
    .option('--file <path>', 'file with the schema')
    .addOption(new Option('--clear', 'allow any object again').conflicts('file'))
    .action(async (options) => (await actions()).schema(options));
  group
    .command('webhook-secret')
    .description('Print the secret that signs webhooks alone on stdout')
    .requiredOption('--project <name>', 'project')
    .option('--rotate', 'make a new one; the one before stays valid for 24 hours')
    .action(async (options) => (await actions()).webhookSecret(options));
  return group;
}
