import { Command, InvalidArgumentError, Option } from 'commander';

// Loaded on demand: help and usage errors need no templates.
const actions = () => import('./generate.actions.js');

const NAME = /^[a-z][a-z0-9_]{0,30}$/;

/** Packages of in-house teams from the command line. */
export function generateCommand(): Command {
  const group = new Command('generate').description('Write the beginning of a package');
  group
    .command('extension')
    .description(
      'Write a package with an extension that builds and passes its tests; by default with a media kind',
    )
    .argument('<name>', 'name of the extension and of its folder', parseName)
    .addOption(new Option('--kind <form>', 'a kind of things to import').choices(['media', 'plain']))
    .option('--step', 'a step of the import of every file')
    .option('--listener', 'a listener of finished imports, with a setting')
    .action(async (name, options) => (await actions()).generateExtension(name, options));
  return group;
}

function parseName(text: string): string {
  if (NAME.test(text)) return text;
  throw new InvalidArgumentError(
    'Must be 1 to 31 lower-case letters, digits and _, beginning with a letter.',
  );
}
