import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { ThreadEntry } from '#libs/threads';
import { failureOfExit } from './exit-failure.js';
import { NotAVideoError, ProbeFailedError } from './errors.js';
import { limitedCommand, type SystemLimits } from './limited-command.js';
import type { ChildMessage, ChildSettings } from './messages.js';
import { processUsage, type ProcessUsage } from './process-usage.js';
import { readMessage } from './read-message.js';
import { encodeRequest, HEADER_BYTES } from './request-frame.js';
import { spawnChild, type SpawnedChild } from './spawn-child.js';
import type { VideoProbe } from './video-probe.js';

/** Module, settings and limits of a probing process. */
export interface ProcessOptions {
  entry: ThreadEntry;
  settings: ChildSettings;
  limits: SystemLimits;
  /** Milliseconds of processor time that one file may take. */
  timeoutMs: number;
  /** Bytes by which a process may grow over its initial size. */
  maxGrowthBytes: number;
}

interface Current {
  source: string | Uint8Array;
  since: number;
  resolve: (probe: VideoProbe) => void;
  reject: (error: Error) => void;
  /** Usage at the first check. */
  usageBefore: ProcessUsage | null;
}

/** Factor of elapsed over processor time on a busy machine, above which a file counts as slow nevertheless. */
const USUAL_STRETCH = 4;
/** Factor above which the machine counts as unavailable. */
const MAX_STRETCH = 12;
const START_TIMEOUT_MS = 60_000;
const WORTH_A_LOOK_MS = 50;
/** Longer than any answer. */
const MAX_LINE = 64 * 1024;
const KEPT_STDERR = 2_048;

/** A process that reads one file at a time. If it ends, the file in flight fails. */
export class ProbeProcess {
  readonly #child: ChildProcess;
  /** Undefined after a failed start. */
  readonly #channel: Socket | undefined;
  readonly #header = Buffer.allocUnsafeSlow(HEADER_BYTES);
  #bytesAtStart = 0;
  #ready = false;
  #current: Current | null = null;
  #line = '';
  #stderr = '';
  /** The reason why this process accepts no further file. */
  #ended: ProbeFailedError | null = null;

  /** @throws ProbeFailedError (`unavailable`) if the system cannot start a process */
  constructor(private readonly options: ProcessOptions) {
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

  /** Whether the process accepts no further file. */
  get ended(): boolean {
    return this.#ended !== null;
  }

  /**
   * Reads one file. Call it again only after the promise has settled.
   * @throws NotAVideoError, ProbeFailedError
   */
  async read(source: string | Uint8Array): Promise<VideoProbe> {
    if (this.#ended !== null) throw this.#ended;
    return await new Promise((resolve, reject) => {
      this.#current = { source, since: performance.now(), resolve, reject, usageBefore: null };
      // A busy process keeps this one alive, an idle one does not.
      this.#channel?.ref();
      this.#child.ref();
      if (this.#ready) this.#sendRequest(source);
    });
  }

  /**
   * Enforces the limits on the file in flight. Call it several times a second.
   *
   * @returns milliseconds of processor time of the file, at least a quarter of the elapsed time; 0 if no file is in
   *   flight, or only for a moment
   */
  check(): number {
    const current = this.#current;
    const elapsed = current === null ? 0 : performance.now() - current.since;
    if (current === null || elapsed < WORTH_A_LOOK_MS) return 0;
    if (!this.#ready) {
      if (elapsed > START_TIMEOUT_MS) this.kill(failedStart('it took too long'));
      return 0;
    }
    const usage = this.#usage();
    current.usageBefore ??= usage;
    const used = usage ? usage.processorMs - (current.usageBefore?.processorMs ?? 0) : elapsed;
    const { timeoutMs, maxGrowthBytes } = this.options;
    if (used > timeoutMs) {
      const message = `Reading the file took more than ${timeoutMs} ms of processor time`;
      this.kill(new ProbeFailedError('timed-out', message));
    } else if (elapsed > timeoutMs * MAX_STRETCH) {
      this.kill(new ProbeFailedError('unavailable', 'The machine was too busy to read the file'));
    } else if (usage !== null && usage.bytes - this.#bytesAtStart > maxGrowthBytes) {
      this.kill(new ProbeFailedError('out-of-memory', 'Reading the file took more memory than allowed'));
    }
    return Math.max(used, elapsed / USUAL_STRETCH);
  }

  /** Ends the process; a file in flight fails with `error`. */
  kill(error: ProbeFailedError): void {
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

  #spawn({ entry, settings, limits }: ProcessOptions): SpawnedChild {
    try {
      const command = limitedCommand(entry, JSON.stringify(settings), limits);
      return spawnChild(command, (error) => this.#end(failedStart(String(error), error)));
    } catch (error) {
      throw failedStart(String(error), error);
    }
  }

  #sendRequest(source: string | Uint8Array): void {
    const payload = encodeRequest(this.#header, source);
    this.#channel?.cork();
    this.#channel?.write(this.#header);
    this.#channel?.write(payload);
    this.#channel?.uncork();
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
    if (this.#line.length > MAX_LINE) this.kill(invalidAnswer());
  }

  #onLine(line: string): void {
    let message: ChildMessage;
    try {
      message = readMessage(line);
    } catch (error) {
      this.kill(invalidAnswer(error));
      return;
    }
    this.#onMessage(message);
  }

  #onMessage(message: ChildMessage): void {
    if ('ready' in message) this.#onReady();
    else if ('read' in message) this.#sendPart(...message.read);
    else {
      const current = this.#takeCurrent();
      if (message.retire) this.kill(new ProbeFailedError('closed', 'The process is being replaced'));
      if (current === null) return;
      if ('probe' in message) current.resolve(message.probe);
      else if ('refused' in message) {
        current.reject(new NotAVideoError(message.refused.kind, message.refused.reason));
      } else current.reject(new ProbeFailedError(message.failed.failure, message.failed.message));
    }
  }

  #usage(): ProcessUsage | null {
    return this.#child.pid === undefined ? null : processUsage(this.#child.pid);
  }

  #onReady(): void {
    this.#ready = true;
    this.#bytesAtStart = this.#usage()?.bytes ?? 0;
    if (this.#current === null) return;
    this.#current.since = performance.now();
    this.#sendRequest(this.#current.source);
  }

  #sendPart(start: number, end: number): void {
    const source = this.#current?.source;
    if (source === undefined || typeof source === 'string') return;
    this.#channel?.write(source.subarray(start, end));
  }

  #onExit(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#ready) this.#end(failureOfExit(code, signal, this.#stderr));
    else this.#end(failedStart(`it ended with ${signal ?? code}: ${this.#stderr}`));
  }

  #end(error: ProbeFailedError): void {
    this.#ended ??= error;
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

function invalidAnswer(cause?: unknown): ProbeFailedError {
  return new ProbeFailedError('crashed', 'The probing process sent an invalid answer', { cause });
}

function failedStart(why: string, cause?: unknown): ProbeFailedError {
  return new ProbeFailedError('unavailable', `The probing process did not start: ${why}`, { cause });
}
