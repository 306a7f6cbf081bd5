import { Command, CommanderError } from 'commander';
import { generateCommand } from './generate/generate.command.js';
import type { Installation } from './installation.js';
import { migrateCommand } from './migrate.command.js';
import { ignoreClosedOutput, print, printMessage } from './output.js';
import { projectCommand } from './project.command.js';
import { tokenCommand } from './token.command.js';

const WRONG_USAGE = 2;
const ROLES: Readonly<Record<string, string>> = {
  start: 'Run API and worker in one process, on embedded services unless others are configured',
  'start:api': 'Run the API',
  'start:worker': 'Run a worker',
};

const partnersOf = (name: string): string => `
Commands of partners, who import lists of videos:
  login, plan, import, apply, watch, status, failures, retry, cancel, report, reconcile, verify, listen,
  remove, restore
  Run "${name} import --help", or see docs/first-import.md`;

/**
 * Runs one command.
 *
 * @param args arguments after the program name
 * @param installation what the command acts on
 * @param name of the program, as people type it
 * @returns exit code: 0 success, 1 failure, 2 wrong usage, 128 + signal number if interrupted
 */
export async function commandLine(
  args: readonly string[],
  installation: Installation,
  name = 'reelport',
): Promise<number> {
  // A server logs to its end.
  if (!Object.hasOwn(installation.roles, args[0] ?? '')) ignoreClosedOutput();
  const program = new Command(name)
    .exitOverride()
    .showHelpAfterError()
    .addHelpText('after', partnersOf(name))
    .addCommand(tokenCommand(installation))
    .addCommand(projectCommand(installation))
    .addCommand(migrateCommand(installation))
    .addCommand(generateCommand(installation));
  for (const [role, start] of Object.entries(installation.roles)) {
    program
      .command(role)
      .description(ROLES[role] ?? '')
      .action(start);
  }
  program
    .command('openapi')
    .description('Print the OpenAPI document, extensions included; needs no database')
    .action(async () => print((await installation.openApi()).trimEnd()));
  for (const command of program.commands.flatMap((group) => [group, ...group.commands])) {
    command.exitOverride().showHelpAfterError();
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
    const { exitCodeOf, messageOf } = await import('./error-message.js');
    printMessage(messageOf(error));
    return exitCodeOf(error);
  }
}
