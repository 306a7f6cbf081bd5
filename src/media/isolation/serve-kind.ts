import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { CHANNEL, endWithParent, isWornOut } from '#libs/child-pool';
import type { IsolationOrder } from '../../config/isolation.js';
import type { Extension } from '../../extension/define-extension.js';
import type { MediaKindPart } from '../../extension/define-media-kind.js';
import type { ItemLogger, Tools } from '../../extension/tools.js';
import { stackWithCauses } from '../../http/error-stack.js';
import { lend } from '../incoming/file-in-hand.js';
import { checkedFile } from '../identified.js';
import {
  MAX_TEXT,
  RequestReader,
  type Answer,
  type LogLine,
  type Message,
  type Request,
  type SentFailure,
} from './messages.js';

type Call = Extract<Request, { identify: object }>;

/**
 * Identifies files of one kind until the channel to the parent closes; then this process ends. An error that nobody
 * catches ends it at once, and the parent replaces it.
 */
export async function serveKind(extensions: readonly Extension[], order: IsolationOrder): Promise<never> {
  const { kind, settings } = partOf(extensions, order.kind);
  settings?.fill(order.settings);
  await endWithParent();
  const channel = new Socket({ fd: CHANNEL });
  const reader = new RequestReader();
  let controller = new AbortController();
  return new Promise<never>(() => {
    channel.on('error', () => process.exit()).once('close', () => process.exit());
    channel.on('data', (chunk: Uint8Array) => {
      for (const { request, bytes } of reader.add(chunk)) {
        if ('abort' in request) {
          send({ aborting: true });
          controller.abort(new Error('The call was aborted'));
        } else {
          controller = new AbortController();
          void answerOf(kind, request, bytes, controller.signal).then((answer) =>
            send(isWornOut(order) ? { ...answer, retire: true } : answer),
          );
        }
      }
    });
    send({ ready: true });
  });
}

function partOf(
  extensions: readonly Extension[],
  name: string,
): { kind: MediaKindPart; settings: Extension['settings'] } {
  for (const { kinds = [], settings } of extensions)
    for (const kind of kinds) if (kind.form === 'media' && kind.name === name) return { kind, settings };
  throw new Error(`This program has no kind "${name}"`);
}

async function answerOf(
  kind: MediaKindPart,
  { identify: { path, ...about }, item }: Call,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<Answer> {
  const failures = new Map<unknown, SentFailure>();
  const tools: Tools = {
    item: { ...item, sequence: BigInt(item.sequence) },
    signal,
    logger,
    fail: (code, { clause, retryable, cause } = {}) => {
      const error = new Error(`The item fails with ${code}`, { cause });
      failures.set(error, { code, clause, retryable, ...(cause !== undefined && { cause: stackOf(cause) }) });
      return error;
    },
    get: () => {
      throw new Error('identify() runs in a process of its own, which has no providers');
    },
  };
  const file = { source: path ?? bytes, ...about };
  try {
    const checked = checkedFile(kind, await lend(file, async (inHand) => kind.identify(inHand, tools)));
    const forgotten = failures.size === 0 ? {} : { forgotten: [...failures.values()] };
    if ('fault' in checked) return { ...checked, ...forgotten };
    const { mimeType, facts } = checked;
    return { identified: { mimeType, facts }, ...forgotten };
  } catch (error) {
    const failed = failures.get(error);
    return failed === undefined ? { threw: stackOf(error) } : { failed };
  }
}

const logger: ItemLogger = {
  log: (message) => sendLog('log', message),
  warn: (message) => sendLog('warn', message),
  error: (message, cause) => sendLog('error', message, cause),
};

/** @param message of any type in JavaScript */
function sendLog(level: LogLine['level'], message: unknown, cause?: unknown): void {
  const text = String(message).slice(0, MAX_TEXT);
  send({ log: { level, message: text, ...(cause !== undefined && { cause: stackOf(cause) }) } });
}

function stackOf(error: unknown): string {
  return stackWithCauses(error).slice(0, MAX_TEXT);
}

/** Synchronous, so that a line before a crash arrives. */
function send(message: Message | { ready: true } | (Answer & { retire: true })): void {
  const line = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let sent = 0; sent < line.length;) {
    try {
      sent += writeSync(CHANNEL, line, sent);
    } catch (error) {
      // The socket does not block; the parent reads on.
      if (!isFull(error)) throw error;
    }
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
