import { Command, Option } from 'commander';
import type { Installation } from '../installation.js';

// Loaded on demand: help and usage errors need no templates.
const actions = () => import('./generate.actions.js');
const checks = () => import('./name-faults.js');

/** Packages of in-house teams from the command line. */
export function generateCommand({ ownNames }: Pick<Installation, 'ownNames'>): Command {
  const group = new Command('generate').description('Write the beginning of a package');
  group
    .command('extension')
    .description(
      'Write a package with an extension that builds and passes its tests; by default with a media kind',
    )
    .argument('<name>', 'name of the extension and of its folder')
    .addOption(new Option('--kind <form>', 'a kind of things to import').choices(['media', 'plain']))
    .option('--step', 'a step of the import of every file')
    .option('--listener', 'a listener of finished imports, with a setting')
    .action(async (name, options, command) => {
      const faults = (await checks()).nameFaults(name, options, await ownNames());
      if (faults.length > 0) command.error(`error: ${faults.join('\n')}`);
      await (await actions()).generateExtension(name, options);
    });
  return group;
}
