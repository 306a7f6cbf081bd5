import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ROOT } from './root.js';

const run = promisify(execFile);

/** What the product consists of. */
const PRODUCT = ['src', 'libs', 'package-lock.json'];

/**
 * Commits that changed the product since a file was last written, newest first, as `abc1234 subject`.
 *
 * @param file path of a file in git
 * @param root root of the working tree
 * @returns an empty list if nothing changed, or if the history is not available
 */
export async function changesSince(file: string, root = ROOT): Promise<string[]> {
  try {
    const [since] = await lines(root, ['log', '-1', '--format=%H', '--', file]);
    if (since === undefined) return [];
    return await lines(root, ['log', '--format=%h %s', `${since}..HEAD`, '--', ...PRODUCT]);
  } catch {
    // A copy without git still has to be measurable.
    return [];
  }
}

async function lines(cwd: string, args: string[]): Promise<string[]> {
  const { stdout } = await run('git', args, { cwd });
  return stdout.split('\n').filter((line) => line !== '');
}
