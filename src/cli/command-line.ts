import { Command, CommanderError } from 'commander';
import { tell } from './output.js';
import { projectCommand } from './project.command.js';
import { tokenCommand } from './token.command.js';

const MISUSED = 2;

/**
 * Runs one command.
 *
 * @param args what stands behind the program
 * @returns the exit code: 0 done, 1 failed, 2 misused, 128 and the number of the signal that interrupted it
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
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : MISUSED;
    const { exitCodeOf, messageOf } = await import('./error-message.js');
    tell(messageOf(error));
    return exitCodeOf(error);
  }
}
