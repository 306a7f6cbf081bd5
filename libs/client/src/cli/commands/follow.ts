import type { Client } from '../../client.js';
import { CommandError, ExitCode } from '../exit-codes.js';
import { Progress } from '../import/progress.js';
import { checkResultFile, collectResults } from '../import/results.js';
import { progressMode } from '../import/run-options.js';
import { StateFile } from '../import/state-file.js';
import { summarize } from '../import/summary.js';
import { watchImports } from '../import/watch.js';
import { openClient, type ServerOptions } from '../session.js';

/** Imports are named by their ids, or by the state file of a run. */
export interface NamedOptions extends ServerOptions {
  readonly state?: string;
}

export interface FollowOptions extends NamedOptions {
  readonly result?: string;
  readonly json: boolean;
  readonly quiet: boolean;
}

export interface NamedImports {
  readonly client: Client;
  readonly ids: readonly string[];
  /** Plural noun for people. */
  readonly kind: string;
  /** Whether their items may expect files by hash. */
  readonly mayReuse: boolean;
}

/** The imports of the arguments and of a state file. @throws CommandError if there are none */
export async function importsOf(
  ids: readonly string[],
  options: NamedOptions & Pick<Partial<FollowOptions>, 'result'>,
): Promise<NamedImports> {
  const saved = options.state === undefined ? undefined : await StateFile.batchesOf(options.state);
  const all = [...ids, ...(saved?.batches.map(({ importId }) => importId) ?? [])];
  if (all.length === 0) throw new CommandError('Name an import or a state file (--state)', ExitCode.usage);
  await checkResultFile(options.result);
  const client = await openClient({ ...options, ...(saved && { url: options.url ?? saved.server }) });
  const mayReuse = ids.length > 0 || saved?.mapping.sha256 != null;
  return { client, ids: all, kind: saved?.kind ?? 'items', mayReuse };
}

/** Follows imports to the end, and writes the results. */
export async function followImports(
  { client, ids, kind, mayReuse }: NamedImports,
  options: FollowOptions,
  signal: AbortSignal,
): Promise<number> {
  const counters = await watchImports(
    client,
    ids,
    new Progress(progressMode(options), kind, mayReuse),
    signal,
  );
  const failures = await collectResults(client, ids, options.result, signal);
  const imports = options.state === undefined ? ids.join(' ') : `--state ${options.state}`;
  return summarize(counters, failures, { ...options, kind, imports });
}
