import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ChildFailedError, ChildPool, type PooledChild } from '#libs/child-pool';
import { Environment } from '../../config/environment.js';
import { isolatedEnvironment } from '../../config/isolation.js';
import type { MediaKindPart } from '../../extension/define-media-kind.js';
import { Extensions } from '../../extension/extensions.js';
import type { Tools } from '../../extension/tools.js';
import { failureWith, type ItemFailure } from '../../imports/failure.js';
import { ExtensionCalls, type ExtensionCall } from '../../imports/run/extension-calls.js';
import { TimeLimitError } from '../../process/time-limit.js';
import type { DownloadedFile } from '../incoming/downloaded-file.js';
import { ISOLATION_FAILURES } from '../media-failures.js';
import { framesOf, MAX_LINE, readMessage, type Answer, type LogLine, type SentFailure } from './messages.js';

/** MiB by which a process may grow. */
const DEFAULT_MB = 512;
/** A process of a team's program starts in about a second: it should do so rarely. */
const MAX_FILES = 10_000;
const SLOW_AFTER_MS = 1_000;
const MAX_SLOW = 2;
/** How long a process may take to end a call in order; less than the engine waits. */
const GIVE_WAY_MS = 3_000;

/** What `identify` returned, or how that breaks the contract. */
export type Identified = { readonly returned: unknown } | { readonly fault: string };

/**
 * Identifies files of isolated kinds in child processes, which run the program of the team again. Whatever a parser
 * does ends its process and costs one attempt of one item.
 */
@Injectable()
export class IsolatedKinds implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(IsolatedKinds.name);
  private readonly pools = new Map<string, ChildPool>();

  constructor(
    private readonly calls: ExtensionCalls,
    extensions: Extensions,
    { PROBE_PROCESSES }: Environment,
  ) {
    const { entry } = extensions;
    // Without the program, in tests of a team, they are identified in this process.
    if (entry === undefined) return;
    for (const { kinds = [], settings } of extensions.list)
      for (const kind of kinds) {
        if (kind.form !== 'media' || kind.isolate !== 'process') continue;
        const { name, atOnce, identifyMb = DEFAULT_MB } = kind;
        const growthBytes = identifyMb * 1024 ** 2;
        const environment = isolatedEnvironment({
          kind: name,
          settings: settings?.values ?? {},
          maxFiles: MAX_FILES,
          maxGrowthBytes: (growthBytes * 3) / 4,
        });
        this.pools.set(
          name,
          new ChildPool({
            entry,
            args: [],
            environment,
            processes: atOnce ?? PROBE_PROCESSES,
            limits: { heapMb: identifyMb },
            // The engine limits the time.
            timeoutMs: Infinity,
            maxGrowthBytes: growthBytes,
            maxLine: MAX_LINE,
            slowAfterMs: SLOW_AFTER_MS,
            maxSlow: atOnce === undefined ? MAX_SLOW : 0,
          }),
        );
      }
  }

  /** Starts one process per kind. @throws Error if the program does not serve the kind */
  async onApplicationBootstrap(): Promise<void> {
    await Promise.all(
      [...this.pools].map(([kind, pool]) =>
        pool
          .run({}, (child) => child.started())
          .catch((cause: unknown) => {
            throw new Error(`Kind "${kind}" has no process: ${String(cause)}`, { cause });
          }),
      ),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.close()));
  }

  /** Whether files of a kind are identified in processes. */
  has({ name }: Pick<MediaKindPart, 'name'>): boolean {
    return this.pools.has(name);
  }

  /**
   * Identifies a file in a process, as soon as it is the turn of the project.
   *
   * @returns what `identify` returned, or how that breaks the contract
   * @throws ItemFailure with a code of the kind, UNREADABLE or INTERNAL; TimeLimitError; the reason of the signal
   */
  async identify(call: ExtensionCall, file: DownloadedFile): Promise<Identified> {
    const { item, signal } = call;
    const pool = this.pools.get(item.kind);
    if (pool === undefined) throw new Error(`"${item.kind}" is not isolated`);
    try {
      return await pool.run({ lane: item.projectId, signal }, async (child) => {
        // Starting takes no time of the file.
        await child.started();
        return this.identifyIn(child, call, file);
      });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ChildFailedError)
        throw this.calls.broken(call, `has no process: ${error.message}`);
      throw error;
    }
  }

  private async identifyIn(
    child: PooledChild,
    call: ExtensionCall,
    file: DownloadedFile,
  ): Promise<Identified> {
    const lost: ChildFailedError[] = [];
    const unreadable = (cause: ChildFailedError): ItemFailure =>
      failureWith(ISOLATION_FAILURES, 'UNREADABLE', {
        // The machine may have been overloaded, so the file gets a second attempt.
        retryable: call.item.lastCode !== 'UNREADABLE',
        cause,
      });
    try {
      return await this.calls.run(call, async (tools, allow) => {
        try {
          return resultOf(await answerOf(child, file, tools), tools);
        } catch (error) {
          if (!(error instanceof ChildFailedError) || !error.isCausedByWork) throw error;
          lost.push(error);
          throw allow(unreadable(error));
        }
      });
    } catch (error) {
      const [cause] = lost;
      if (cause === undefined) throw error;
      const { item, itemId, code } = call;
      this.logger.warn(
        `${code} ended its process failure=${cause.failure} import=${item.importId} item=${itemId}: ${cause.message}`,
      );
      throw error instanceof TimeLimitError ? unreadable(cause) : error;
    }
  }
}

/** Calls `identify` in a process. @throws ChildFailedError */
async function answerOf(child: PooledChild, file: DownloadedFile, tools: Tools): Promise<Answer> {
  const { item, signal } = tools;
  const { source, size, sha256, lengthDeclared } = file;
  const isPath = typeof source === 'string';
  const about = { size, sha256, lengthDeclared, ...(isPath && { path: source }) };
  const request = { identify: about, item: { ...item, sequence: String(item.sequence) } };
  let isAlive = false;
  let timer: NodeJS.Timeout | undefined;
  const abort = (): void => {
    child.send(...framesOf({ abort: true }));
    timer = setTimeout(() => child.kill(isAlive ? abandoned() : stuck()), GIVE_WAY_MS);
  };
  try {
    const answered = child.ask<Answer>({
      request: () => framesOf(request, isPath ? undefined : source),
      read: (line) => {
        const message = readMessage(line);
        if ('log' in message) writeLog(tools, message.log);
        else if ('aborting' in message) isAlive = true;
        else return { answer: message };
        return undefined;
      },
    });
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    return await answered;
  } finally {
    signal.removeEventListener('abort', abort);
    clearTimeout(timer);
  }
}

function resultOf(answer: Answer, tools: Tools): Identified {
  for (const failure of answer.forgotten ?? []) failed(tools, failure);
  if ('failed' in answer) throw failed(tools, answer.failed);
  if ('fault' in answer) return { fault: answer.fault };
  if ('identified' in answer) return { returned: answer.identified };
  throw withStack(answer.threw);
}

function failed({ fail }: Tools, { code, clause, retryable, cause }: SentFailure): Error {
  return fail(code, {
    ...(clause !== undefined && { clause }),
    ...(retryable !== undefined && { retryable }),
    ...(cause !== undefined && { cause: withStack(cause) }),
  });
}

function writeLog({ logger }: Tools, { level, message, cause }: LogLine): void {
  if (level === 'error') logger.error(message, cause === undefined ? undefined : withStack(cause));
  else logger[level](message);
}

/** An error of a process, of which only its stack arrived. */
function withStack(stack: string): Error {
  const error = new Error('An error in a process');
  error.stack = stack;
  return error;
}

function stuck(): ChildFailedError {
  return new ChildFailedError('timed-out', 'It did not react to its time limit');
}

function abandoned(): ChildFailedError {
  return new ChildFailedError('closed', 'It ignored its signal');
}
