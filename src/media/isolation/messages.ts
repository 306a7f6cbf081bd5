import type { FileInHand } from '../../extension/define-media-kind.js';
import type { ItemInHand } from '../../extension/tools.js';

/** What a process is to do; the bytes of a file in memory follow. */
export type Request =
  | { readonly abort: true }
  | {
      readonly identify: Pick<FileInHand, 'size' | 'sha256' | 'lengthDeclared'> & {
        /** Absent if the bytes follow. */
        readonly path?: string;
      };
      /** With `sequence` as digits, which JSON can hold. */
      readonly item: Omit<ItemInHand, 'sequence'> & { readonly sequence: string };
    };

/** What `tools.fail()` was called with. */
export interface SentFailure {
  readonly code: string;
  readonly clause?: string | undefined;
  readonly retryable?: boolean | undefined;
  /** Stack of the cause. */
  readonly cause?: string | undefined;
}

/** Ends a call. */
export type Answer = (
  | { readonly identified: { readonly mimeType: string; readonly facts: object } }
  /** It returned something that breaks the contract. */
  | { readonly fault: string }
  | { readonly failed: SentFailure }
  /** Stack of anything else that it threw. */
  | { readonly threw: string }
) & {
  /** Failures that were created, but not thrown. */
  readonly forgotten?: readonly SentFailure[];
};

/** A line for the log of the worker. */
export interface LogLine {
  readonly level: 'log' | 'warn' | 'error';
  readonly message: string;
  /** Stack of the cause. */
  readonly cause?: string | undefined;
}

/** A message of a process, besides that it is ready. */
export type Message =
  | Answer
  | { readonly log: LogLine }
  /** It has passed on the abort: its event loop lives. */
  | { readonly aborting: true };

/** Longest text of a log line or a stack, in UTF-16 units. */
export const MAX_TEXT = 16_384;
/** Longest line of a process; texts in its facts may be long. */
export const MAX_LINE = 4 * 1024 ** 2;

/** A request as it is sent: lengths of both parts, the JSON, the bytes. */
export function framesOf(request: Request, bytes: Uint8Array = new Uint8Array()): Uint8Array[] {
  const json = Buffer.from(JSON.stringify(request));
  const lengths = Buffer.alloc(LENGTHS_BYTES);
  lengths.writeUInt32LE(json.byteLength, 0);
  lengths.writeUInt32LE(bytes.byteLength, 4);
  return [lengths, json, bytes];
}

const LENGTHS_BYTES = 8;

/** Puts requests together again. */
export class RequestReader {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  /** Adds bytes of the channel. @returns the requests that they complete, with their bytes */
  add(chunk: Uint8Array): Array<{ request: Request; bytes: Uint8Array }> {
    this.chunks.push(chunk);
    this.length += chunk.byteLength;
    const complete = [];
    for (let next = this.take(); next !== undefined; next = this.take()) complete.push(next);
    return complete;
  }

  private take(): { request: Request; bytes: Uint8Array } | undefined {
    if (this.length < LENGTHS_BYTES) return undefined;
    const head = this.joined();
    const json = head.readUInt32LE(0) + LENGTHS_BYTES;
    const end = json + head.readUInt32LE(4);
    if (head.byteLength < end) return undefined;
    this.chunks.splice(0, this.chunks.length, head.subarray(end));
    this.length -= end;
    const request: Request = JSON.parse(head.toString('utf8', LENGTHS_BYTES, json));
    return { request, bytes: head.subarray(json, end) };
  }

  private joined(): Buffer {
    const joined = Buffer.concat(this.chunks);
    this.chunks.splice(0, this.chunks.length, joined);
    return joined;
  }
}

/**
 * Checks a message of a process, whose parser a file may have taken over.
 *
 * @throws Error if it is none
 */
export function readMessage(message: unknown): Message {
  const given = Object(message);
  if (given.aborting === true) return { aborting: true };
  if (given.log !== undefined) return { log: logLineOf(given.log) };
  const forgotten: unknown = given.forgotten;
  const also = Array.isArray(forgotten) ? { forgotten: forgotten.map(failureOf) } : {};
  if (given.identified !== undefined) {
    const { mimeType, facts } = Object(given.identified);
    return { identified: { mimeType: textOf(mimeType), facts: Object(facts) }, ...also };
  }
  if (given.failed !== undefined) return { failed: failureOf(given.failed), ...also };
  if (given.fault !== undefined) return { fault: oneLine(textOf(given.fault)), ...also };
  return { threw: textOf(given.threw), ...also };
}

function logLineOf(given: unknown): LogLine {
  const { level, message, cause } = Object(given);
  if (level !== 'log' && level !== 'warn' && level !== 'error') throw new Error('Not a level');
  return { level, message: oneLine(textOf(message)), cause: optionalText(cause) };
}

function failureOf(given: unknown): SentFailure {
  const { code, clause, retryable, cause } = Object(given);
  return {
    code: textOf(code),
    clause: optionalText(clause),
    retryable: typeof retryable === 'boolean' ? retryable : undefined,
    cause: optionalText(cause),
  };
}

function optionalText(value: unknown): string | undefined {
  return value === undefined ? undefined : textOf(value);
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new Error('Not a text');
  return value;
}

function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}
