import { createHash, createHmac, randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Client } from '../../client.js';
import type { WatchedEvent } from '../../events.js';
import { chunksOf } from '../../lines.js';
import { causeOf, pause } from '../../retrying.js';
import { CommandError, ExitCode } from '../exit-codes.js';
import { counted } from '../import/units.js';
import { message } from '../output.js';
import { openClient, type ServerOptions } from '../session.js';
import { importsOf } from './follow.js';

export interface ListenOptions extends ServerOptions {
  readonly forwardTo: string;
  readonly import?: string;
  readonly state?: string;
}

/** Events that are also sent as webhooks. */
const FORWARDED: ReadonlySet<string> = new Set(['import.finished', 'items.finished', 'media.removed']);
/** Pauses before the attempts at a receiver that is being restarted, in milliseconds. */
const ATTEMPTS_AFTER_MS = [0, 500, 2_000, 5_000];
const ANSWER_MS = 15_000;
const MAX_REASON = 200;
/** Of an answer, in characters. */
const MAX_LINE = 4_096;

/**
 * Posts the events of the project, or of one import, to a local address, signed as the server signs webhooks. A lost
 * connection is resumed after the last event. Ends with the stream of a finished import, or with Ctrl-C.
 */
export async function listen(options: ListenOptions, signal: AbortSignal): Promise<number> {
  const target = urlOf(options.forwardTo);
  const given = process.env['WEBHOOK_SECRET'];
  const secret = given ?? `whsec_${randomBytes(32).toString('base64')}`;
  const { client, ids } = await subjectsOf(options);
  // A given secret may be that of the project, which has no place in a log.
  message(`Signing with ${given === undefined ? secret : 'the secret of WEBHOOK_SECRET'}`);
  let connections = 0;
  const onOpen = (): void => {
    connections += 1;
    message(connections === 1 ? `Waiting for events of ${aboutOf(ids)}; Ctrl-C ends` : 'Connected again');
  };
  let count = 0;
  let refused = 0;
  try {
    for await (const event of eventsOf(client, ids, signal, onOpen)) {
      if (!FORWARDED.has(event.data.type)) continue;
      count += 1;
      if (!(await forward(event, target, secret, signal))) refused += 1;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (refused === 0) return ExitCode.ok;
  message(`${refused} of ${counted(count, 'events')} ${refused === 1 ? 'was' : 'were'} not accepted`);
  return ids === undefined ? ExitCode.ok : ExitCode.notAccepted;
}

/** Undefined ids are all imports of the project. */
async function subjectsOf(
  options: ListenOptions,
): Promise<{ client: Client; ids: readonly string[] | undefined }> {
  if (options.import === undefined && options.state === undefined) {
    return { client: await openClient(options), ids: undefined };
  }
  return importsOf(options.import === undefined ? [] : [options.import], options);
}

function aboutOf(ids: readonly string[] | undefined): string {
  if (ids === undefined) return 'the project';
  const [only] = ids;
  return ids.length === 1 && only !== undefined ? only : `${ids.length} imports`;
}

/** Events of all imports, or of each one after the other. */
async function* eventsOf(
  { imports }: Client,
  ids: readonly string[] | undefined,
  signal: AbortSignal,
  onOpen: () => void,
): AsyncGenerator<WatchedEvent> {
  if (ids === undefined) yield* imports.allEvents({ signal, onOpen });
  for (const [index, id] of (ids ?? []).entries()) {
    let isNext = index > 0;
    const onOpenAgain = (): void => {
      if (!isNext) onOpen();
      isNext = false;
    };
    yield* imports.events(id, { signal, onOpen: onOpenAgain });
  }
}

/** @returns whether the receiver accepted the event */
async function forward(
  event: WatchedEvent,
  target: URL,
  secret: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { type } = event.data;
  const body = event.text;
  const id = idOf(event);
  for (const delay of ATTEMPTS_AFTER_MS) {
    await pause(delay, signal);
    const begin = performance.now();
    try {
      const response = await fetch(target, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...signatureOf(id, body, secret) },
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
      });
      const reason = await reasonOf(response);
      const ms = Math.round(performance.now() - begin);
      message(`${type} ${id} → ${response.status} in ${ms} ms${reason === '' ? '' : `: ${reason}`}`);
      return response.ok;
    } catch (error) {
      signal.throwIfAborted();
      message(`${type} ${id} → ${causeOf(error)}`);
    }
  }
  return false;
}

/** Why an event was not accepted: the first line of the answer, for a terminal. Reads no more of it. */
async function reasonOf({ ok, body }: Response): Promise<string> {
  if (ok) await body?.cancel();
  if (ok || body === null) return '';
  let text = '';
  try {
    const decoder = new TextDecoder();
    for await (const chunk of chunksOf(body)) {
      text = (text + decoder.decode(chunk, { stream: true })).trimStart();
      if (/[\r\n]/.test(text) || text.length > MAX_LINE) break;
    }
  } catch {
    // The status alone is the answer.
  }
  const [line = ''] = text.split(/[\r\n]/, 1);
  const plain = line
    .replaceAll('\t', ' ')
    .replaceAll(/\p{Cc}/gu, '')
    .trim();
  return plain.length > MAX_REASON ? `${plain.slice(0, MAX_REASON - 1)}…` : plain;
}

/** The same for each attempt at an event, and for the event after a reconnect. */
function idOf({ cursor, text }: WatchedEvent): string {
  return `msg_${createHash('sha256')
    .update(cursor ?? text)
    .digest('base64url')
    .slice(0, 22)}`;
}

function signatureOf(id: string, body: string, secret: string): Record<string, string> {
  const now = new Date();
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
    'x-livingdocs-signature': `sha256=${createHmac('sha256', key).update(body).digest('hex')}`,
  };
}

function urlOf(text: string): URL {
  const url = parsed(text);
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new CommandError(
    `${text} is no URL of a receiver, such as http://localhost:8080/hook`,
    ExitCode.usage,
  );
}

/** `URL.canParse` is wrong for internationalised hosts on Node 20. */
function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
