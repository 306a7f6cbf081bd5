import { createInterface } from 'node:readline/promises';
import { ReelportError } from '../../errors.js';
import { CommandError, ExitCode } from '../exit-codes.js';
import { message } from '../output.js';
import { openClient, type ServerOptions } from '../session.js';

export interface RemoveOptions extends ServerOptions {
  /** Asks no question. */
  readonly yes: boolean;
}

/** Removes media, after a question on a terminal. */
export async function remove(
  ids: readonly string[],
  options: RemoveOptions,
  signal: AbortSignal,
): Promise<number> {
  if (!options.yes) await confirm(`Remove ${ids.length === 1 ? ids[0] : `${ids.length} media`}?`, signal);
  const { media } = await openClient(options);
  return each(ids, 'removed', (id) => media.remove(id, signal));
}

/** Restores removed media. */
export async function restore(
  ids: readonly string[],
  options: ServerOptions,
  signal: AbortSignal,
): Promise<number> {
  const { media } = await openClient(options);
  return each(ids, 'restored', (id) => media.restore(id, signal));
}

/** One line per medium; unknown ones do not stop the others. */
async function each(
  ids: readonly string[],
  done: string,
  call: (id: string) => Promise<unknown>,
): Promise<number> {
  let code: number = ExitCode.ok;
  for (const id of ids) {
    try {
      await call(id);
      message(`${id} ${done}`);
    } catch (error) {
      if (!(error instanceof ReelportError) || error.status !== 404) throw error;
      code = ExitCode.itemsFailed;
      message(`${id} not found`);
    }
  }
  return code;
}

/** @throws CommandError if nobody can answer, or the answer is not yes */
async function confirm(question: string, signal: AbortSignal): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new CommandError('Add --yes to remove media without a question', ExitCode.usage);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal });
    if (!/^y(?:es)?$/i.test(answer.trim())) throw new CommandError('Nothing was removed', ExitCode.usage);
  } finally {
    lines.close();
  }
}
