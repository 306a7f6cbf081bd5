import { expect } from 'vitest';
import { runCli, type CliResult } from '../../support/cli.js';

/** Output of the commands for tokens and projects. */
export interface CommandLineRun {
  /** The secrets that commands print on request. */
  secrets: { created: string; rotated: string; webhook: string };
  /** All other output, by command. */
  printed: Map<string, string>;
}

/** Runs every command of a project. */
export async function runCommands(
  project: string,
  environment: Readonly<Record<string, string>>,
): Promise<CommandLineRun> {
  const printed = new Map<string, string>();
  const run = async (command: string, code = 0): Promise<CliResult> => {
    const result = await runCli(command.split(' '), { ...environment, LOG_LEVEL: 'verbose' });
    expect([command, result.code]).toEqual([command, code]);
    return result;
  };
  const tells = async (command: string, code?: number): Promise<string> => {
    const { stdout, stderr } = await run(command, code);
    printed.set(command, stdout + stderr);
    return stdout;
  };
  const shows = async (command: string): Promise<string> => {
    const { stdout, stderr } = await run(command);
    const [line = '', ...rest] = stdout.split('\n');
    printed.set(command, rest.join('\n') + stderr);
    return line;
  };
  const of = `--project ${project}`;
  const created = await shows(`token create ${of} --name command --scope public-api:write`);
  const rotated = await shows(`token rotate ${idOf(created)}`);
  const webhook = await shows(`project webhook-secret ${of}`);
  await tells(`token rotate ${idOf(created)}`, 1);
  await tells(`token revoke ${idOf(rotated)}`);
  await tells(`token revoke ${rotated}`, 1);
  for (const command of ['token list', `token list ${of}`, 'project list', `project schema ${of}`]) {
    await tells(command);
  }
  return { secrets: { created, rotated, webhook }, printed };
}

function idOf(token: string): string {
  const claims: { jti: string } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  return claims.jti;
}
