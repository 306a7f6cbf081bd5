import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { ThreadEntry } from '#libs/threads';
import { ChildFailedError } from './child-failed-error.js';
import { failureOfExit } from './exit-failure.js';
import { limitedCommand, type ChildLimits } from './limited-command.js';
import { processUsage, type ProcessUsage } from './process-usage.js';
import { spawnChild, type SpawnedChild } from './spawn-child.js';

/** Program and limits of a child. */
export interface ChildOptions {
  entry: ThreadEntry;
  args: readonly string[];
  /** All variables of its environment. */
  environment: Readonly<Record<string, string>>;
  limits: ChildLimits;
  /** Milliseconds of processor time that one piece of work may take; `Infinity` if its caller limits it. */
  timeoutMs: number;
  /** Bytes by which a process may grow over its initial size. */
  maxGrowthBytes: number;
  /** Longest line of a process, in UTF-16 units. Default: 65 536. */
  maxLine?: number;
}

/** One piece of work: what is sent, and what the lines of the child mean. */
export interface Work<A> {
  /** Bytes that are sent, one after the other. */
  readonly request: () => readonly Uint8Array[];
  /**
   * Reads a message of the child other than `{"ready":true}`.
   *
   * @param reply sends bytes to the child
   * @returns the answer, which ends the work; undefined if the child has only said something
   * @throws Error if it makes no sense, which ends the child: a file may have taken over its parser
   */
  readonly read: (message: unknown, reply: (bytes: Uint8Array) => void) => { answer: A } | undefined;
}

interface Current {
  since: number;
  /** Usage at the first check. */
  usageBefore: ProcessUsage | null;
  send: () => void;
  /** Takes a message and returns whether it was the answer. */
  take: (message: unknown) => boolean;
  reject: (error: Error) => void;
}

/** Factor of elapsed over processor time on a busy machine, above which work counts as slow nevertheless. */
const USUAL_STRETCH = 4;
/** Factor above which the machine counts as unavailable. */
const MAX_STRETCH = 12;
const START_TIMEOUT_MS = 60_000;
const WORTH_A_LOOK_MS = 50;
const MAX_LINE = 64 * 1024;
const KEPT_STDERR = 2_048;

/** A process that does one piece of work at a time. If it ends, the work in flight fails. */
export class PooledChild {
  readonly #child: ChildProcess;
  /** Undefined after a failed start. */
  readonly #channel: Socket | undefined;
  readonly #createdAt = performance.now();
  readonly #started: Promise<void>;
  #settleStart: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #bytesAtStart = 0;
  #ready = false;
  #current: Current | null = null;
  #line = '';
  #stderr = '';
  /** The reason why this process accepts no further work. */
  #ended: ChildFailedError | null = null;

  /** @throws ChildFailedError (`unavailable`) if the system cannot start a process */
  constructor(private readonly options: ChildOptions) {
    this.#started = new Promise((resolve, reject) => (this.#settleStart = { resolve, reject }));
    // Not everyone waits for it.
    this.#started.catch(() => undefined);
    const { child, channel } = this.#spawn(options);
    this.#child = child;
    this.#channel = channel;
    child.once('exit', (code, signal) => this.#onExit(code, signal));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(0, KEPT_STDERR);
    });
    channel.setEncoding('utf8').on('data', (text: string) => this.#onData(text));
    // The exit event reports how the process ended.
    channel.on('error', () => undefined);
  }

  /** Whether the process accepts no further work. */
  get ended(): boolean {
    return this.#ended !== null;
  }

  /** Resolves when the process is ready for work. @throws ChildFailedError (`unavailable`) if it does not start */
  started(): Promise<void> {
    return this.#started;
  }

  /**
   * Does one piece of work. Call it again only after the promise has settled.
   *
   * @throws ChildFailedError
   */
  async ask<A>({ request, read }: Work<A>): Promise<A> {
    if (this.#ended !== null) throw this.#ended;
    return await new Promise<A>((resolve, reject) => {
      this.#current = {
        since: performance.now(),
        usageBefore: null,
        send: () => this.send(...request()),
        take: (message) => {
          const answer = read(message, (bytes) => this.send(bytes));
          if (answer !== undefined) resolve(answer.answer);
          return answer !== undefined;
        },
        reject,
      };
      // A busy process keeps this one alive, an idle one does not.
      this.#channel?.ref();
      this.#child.ref();
      if (this.#ready) this.#current.send();
    });
  }

  /** Sends bytes, in one system call. */
  send(...parts: readonly Uint8Array[]): void {
    this.#channel?.cork();
    for (const part of parts) this.#channel?.write(part);
    this.#channel?.uncork();
  }

  /**
   * Enforces the limits on the work in flight. Call it several times a second.
   *
   * @returns milliseconds of processor time of the work, at least a quarter of the elapsed time; 0 if no work is in
   *   flight, or only for a moment
   */
  check(): number {
    if (!this.#ready) {
      if (performance.now() - this.#createdAt > START_TIMEOUT_MS) this.kill(failedStart('it took too long'));
      return 0;
    }
    const current = this.#current;
    const elapsed = current === null ? 0 : performance.now() - current.since;
    if (current === null || elapsed < WORTH_A_LOOK_MS) return 0;
    const usage = this.#usage();
    current.usageBefore ??= usage;
    const used = usage ? usage.processorMs - (current.usageBefore?.processorMs ?? 0) : elapsed;
    const { timeoutMs, maxGrowthBytes } = this.options;
    if (used > timeoutMs) {
      const message = `It took more than ${timeoutMs} ms of processor time`;
      this.kill(new ChildFailedError('timed-out', message));
    } else if (elapsed > timeoutMs * MAX_STRETCH) {
      this.kill(new ChildFailedError('unavailable', 'The machine was too busy'));
    } else if (usage !== null && usage.bytes - this.#bytesAtStart > maxGrowthBytes) {
      this.kill(new ChildFailedError('out-of-memory', 'It took more memory than allowed'));
    }
    return Math.max(used, elapsed / USUAL_STRETCH);
  }

  /** Ends the process; work in flight fails with `error`. */
  kill(error: ChildFailedError): void {
    this.#end(error);
    this.#child.kill('SIGKILL');
  }

  /** Resolves when the process has exited. */
  async exited(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    this.#child.ref();
    await once(this.#child, 'exit');
  }

  #spawn({ entry, args, environment, limits }: ChildOptions): SpawnedChild {
    try {
      const command = limitedCommand(entry, args, limits);
      return spawnChild(command, environment, (error) => this.#end(failedStart(String(error), error)));
    } catch (error) {
      throw failedStart(String(error), error);
    }
  }

  #onData(text: string): void {
    this.#line += text;
    let end = this.#line.indexOf('\n');
    while (end !== -1 && !this.ended) {
      const line = this.#line.slice(0, end);
      this.#line = this.#line.slice(end + 1);
      this.#onLine(line);
      end = this.#line.indexOf('\n');
    }
    if (this.#line.length > (this.options.maxLine ?? MAX_LINE)) this.kill(invalidAnswer());
  }

  #onLine(line: string): void {
    try {
      const message: unknown = JSON.parse(line);
      if (!isRecord(message)) throw new Error('Not an object');
      if (message['ready'] === true) this.#onReady();
      else if (this.#current?.take(message)) {
        this.#takeCurrent();
        if (message['retire'] === true)
          this.kill(new ChildFailedError('closed', 'The process is being replaced'));
      }
    } catch (error) {
      this.kill(invalidAnswer(error));
    }
  }

  #usage(): ProcessUsage | null {
    return this.#child.pid === undefined ? null : processUsage(this.#child.pid);
  }

  #onReady(): void {
    if (this.#ready) return;
    this.#ready = true;
    this.#bytesAtStart = this.#usage()?.bytes ?? 0;
    this.#settleStart?.resolve();
    if (this.#current === null) return;
    this.#current.since = performance.now();
    this.#current.send();
  }

  #onExit(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#ready) this.#end(failureOfExit(code, signal, this.#stderr));
    else this.#end(failedStart(`it ended with ${signal ?? code}: ${this.#stderr}`));
  }

  #end(error: ChildFailedError): void {
    this.#ended ??= error;
    this.#settleStart?.reject(error);
    this.#takeCurrent()?.reject(error);
    this.#channel?.destroy();
  }

  #takeCurrent(): Current | null {
    const current = this.#current;
    this.#current = null;
    this.#channel?.unref();
    this.#child.unref();
    return current;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function invalidAnswer(cause?: unknown): ChildFailedError {
  return new ChildFailedError('crashed', 'The process sent an invalid answer', { cause });
}

function failedStart(why: string, cause?: unknown): ChildFailedError {
  return new ChildFailedError('unavailable', `The process did not start: ${why}`, { cause });
}
