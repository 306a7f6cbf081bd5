import { Command, CommanderError } from 'commander';
import { printMessage } from './output.js';
import { projectCommand } from './project.command.js';
import { tokenCommand } from './token.command.js';

const WRONG_USAGE = 2;

/**
 * Runs one command.
 *
 * @param args arguments after the program name
 * @returns exit code: 0 success, 1 failure, 2 wrong usage, 128 + signal number if interrupted
 */
export async function commandLine(args: readonly string[]): Promise<number> {
  const program = new Command('reelport')
    .exitOverride()
    .showHelpAfterError()
    .addCommand(tokenCommand())
    .addCommand(projectCommand());
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
