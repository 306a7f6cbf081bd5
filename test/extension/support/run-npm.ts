import { execFile } from 'node:child_process';

/** Output of this size is no reason to fail. */
const MAX_OUTPUT = 64 * 1024 * 1024;

/**
 * Runs npm.
 *
 * @returns what it prints to stdout
 * @throws Error with everything that it printed, if it fails
 */
export function runNpm(args: readonly string[], folder = process.cwd()): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('npm', args, { cwd: folder, maxBuffer: MAX_OUTPUT }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`npm ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error }));
    });
  });
}
