import { Command, CommanderError } from 'commander';
import { EnvironmentError } from '../config/load-environment.js';
import { HttpException } from '@nestjs/common';
import { ProjectError } from '../projects/projects.service.js';
import { projectCommand } from './project.command.js';
import { tokenCommand } from './token.command.js';
import { tell } from './with-application.js';

const FAILED = 1;
const MISUSED = 2;

/** Runs one command. @returns the exit code: 0 done, 1 failed, 2 misused */
export async function commandLine(args: readonly string[]): Promise<number> {
  const program = new Command('reelport')
    .exitOverride()
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
    tell(messageOf(error));
    return FAILED;
  }
}

/** One readable line for what can be expected, everything for what cannot. */
function messageOf(error: unknown): string {
  if (error instanceof ProjectError || error instanceof EnvironmentError) return error.message;
  if (error instanceof HttpException) return Object.values(detailsOf(error)).join('; ');
  return error instanceof Error ? error.message : String(error);
}

function detailsOf(error: HttpException): Record<string, string> {
  const body = error.getResponse();
  if (typeof body === 'object' && 'error_details' in body)
    return body.error_details as Record<string, string>;
  return { message: error.message };
}
