import { execFile } from 'node:child_process';

export interface CliResult {
  /** The exit code. */
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command of `dist/src/reelport.js` in its own process, with exactly this environment. */
export function runCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      ['dist/src/reelport.js', ...args],
      { env: { PATH: process.env['PATH'], ...environment } },
      (error, stdout, stderr) => {
        if (child.exitCode === null) reject(error ?? new Error('The command was ended by a signal'));
        else resolve({ code: child.exitCode, stdout, stderr });
      },
    );
  });
}
