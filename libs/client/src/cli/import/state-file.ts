import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import type { Mapping } from '../../table/mapping.js';
import { CommandError, ExitCode } from '../exit-codes.js';

/** What a run must agree with to go on with a state file. */
export interface RunIdentity {
  readonly server: string;
  readonly inputSha256: string;
  readonly kind: string;
  readonly systemName: string;
  readonly batchSize: number;
  readonly mapping: Mapping;
  /** Absent in files of earlier releases, which had no plans. */
  readonly mode?: 'run' | 'plan';
}

export interface PostedBatch {
  readonly importId: string;
  readonly entries: number;
}

interface State extends RunIdentity {
  readonly version: 1;
  /** Part of the idempotency keys: a new run of the same input imports again. */
  readonly run: string;
  readonly batches: readonly PostedBatch[];
  /** Whether the last batch was accepted. */
  readonly complete: boolean;
  /** Whether the results were shown. */
  readonly finished?: boolean;
}

export interface OpenOptions {
  /** Begins a new run although there is one in the file. */
  readonly again: boolean;
}

const COMPARED: ReadonlyArray<readonly [key: keyof RunIdentity, name: string]> = [
  ['server', 'server'],
  ['inputSha256', 'input'],
  ['kind', 'kind'],
  ['systemName', 'system name'],
  ['batchSize', 'batch size'],
  ['mapping', 'column mapping'],
  ['mode', 'mode'],
];

/**
 * Progress of a run, written after each batch, so that an interrupted run continues where it stopped. A lock file beside
 * it keeps two runs apart.
 */
export class StateFile {
  private constructor(
    private readonly path: string,
    private state: State,
    /** Whether an earlier run began it. */
    readonly resumed: boolean,
  ) {}

  /**
   * Opens or creates the file. A plan that was shown, or of another input, is replaced: it has imported nothing.
   *
   * @throws CommandError if another process uses it, or it belongs to another run
   */
  static async open(path: string, identity: RunIdentity, { again }: OpenOptions): Promise<StateFile> {
    await lock(path);
    try {
      const found = await read(path);
      if (found === undefined || again || isReplaceable(found, identity)) {
        const state: State = { version: 1, run: randomUUID(), ...identity, batches: [], complete: false };
        const file = new StateFile(path, state, false);
        await file.write();
        return file;
      }
      assertSame(path, found, identity);
      return new StateFile(path, found, true);
    } catch (error) {
      await unlock(path);
      throw error;
    }
  }

  /** The batches of a file that no run uses. */
  static async batchesOf(
    path: string,
  ): Promise<Pick<State, 'server' | 'kind' | 'batches' | 'mapping' | 'complete'>> {
    const state = await read(path);
    if (state === undefined) throw new CommandError(`${path} does not exist`, ExitCode.state);
    return state;
  }

  /** The batches of a file whose input was sent to its end. @throws CommandError if it was not */
  static async sentBatchesOf(path: string): ReturnType<typeof StateFile.batchesOf> {
    const state = await StateFile.batchesOf(path);
    if (state.complete) return state;
    throw new CommandError(
      `The run of ${path} was interrupted before all batches were sent; repeat its command to continue`,
      ExitCode.state,
    );
  }

  get batches(): readonly PostedBatch[] {
    return this.state.batches;
  }

  /** Whether entries may expect a file by its hash. */
  get expectsHashes(): boolean {
    return this.state.mapping.sha256 != null;
  }

  get isComplete(): boolean {
    return this.state.complete;
  }

  /** The same for every attempt at this batch of this run. */
  idempotencyKey(batch: number): string {
    return `reelport-cli-${this.state.run}-${batch}`;
  }

  async add(batch: PostedBatch): Promise<void> {
    this.state = { ...this.state, batches: [...this.state.batches, batch] };
    await this.write();
  }

  async complete(): Promise<void> {
    this.state = { ...this.state, complete: true };
    await this.write();
  }

  async finish(): Promise<void> {
    this.state = { ...this.state, finished: true };
    await this.write();
  }

  async close(): Promise<void> {
    await unlock(this.path);
  }

  /** A crash leaves the old or the new file, never half of one. */
  private async write(): Promise<void> {
    const next = `${this.path}.new`;
    const handle = await open(next, 'w', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(this.state, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(next, this.path);
  }
}

async function read(path: string): Promise<State | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const state: State = JSON.parse(text);
    if (state.version === 1 && Array.isArray(state.batches)) return state;
  } catch {
    // Not JSON.
  }
  throw new CommandError(`${path} is no state file of this program`, ExitCode.state);
}

function isReplaceable(state: State, identity: RunIdentity): boolean {
  const isPlan = state.mode === 'plan' && identity.mode === 'plan' && state.server === identity.server;
  return isPlan && (state.finished === true || differenceOf(state, identity) !== undefined);
}

function differenceOf(state: State, identity: RunIdentity): (typeof COMPARED)[number] | undefined {
  const valueOf = (of: RunIdentity, key: keyof RunIdentity): string =>
    JSON.stringify(of[key] ?? (key === 'mode' ? 'run' : null));
  return COMPARED.find(([key]) => valueOf(state, key) !== valueOf(identity, key));
}

function assertSame(path: string, state: State, identity: RunIdentity): void {
  const different = differenceOf(state, identity);
  if (different === undefined) return;
  const [key, name] = different;
  if (key === 'inputSha256') {
    throw new CommandError(
      `The list has changed since the last run, whose state is in ${path}; ` +
        'import the corrected list with --again. ' +
        'Or restore the list to continue that run, or name another file with --state',
      ExitCode.state,
    );
  }
  const [was, is] = [state[key], identity[key]].map((value) =>
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  );
  throw new CommandError(
    `${path} belongs to another run: its ${name} is ${was}, not ${is}. ` +
      'Continue with the same arguments, begin a new run with --again, or name another file with --state',
    ExitCode.state,
  );
}

const lockOf = (path: string): string => `${path}.lock`;

async function lock(path: string): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const handle = await open(lockOf(path), 'wx', 0o600);
      await handle.writeFile(String(process.pid));
      await handle.close();
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const owner = Number(await readFile(lockOf(path), 'utf8').catch(() => ''));
      if (owner > 0 && isAlive(owner)) {
        throw new CommandError(`${path} is in use by process ${owner}`, ExitCode.state);
      }
      // Its owner was killed.
      await unlock(path);
    }
  }
  throw new CommandError(`${path} is in use by another process`, ExitCode.state);
}

async function unlock(path: string): Promise<void> {
  await rm(lockOf(path), { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
