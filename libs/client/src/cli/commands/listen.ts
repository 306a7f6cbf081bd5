import { createHash, createHmac, randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { WatchedEvent } from '../../events.js';
import { causeOf, pause } from '../../retrying.js';
import { CommandError, ExitCode } from '../exit-codes.js';
import { message } from '../output.js';
import { openClient, type ServerOptions } from '../session.js';

export interface ListenOptions extends ServerOptions {
  readonly forwardTo: string;
  readonly import?: string;
}

/** Events that are also sent as webhooks. */
const FORWARDED: ReadonlySet<string> = new Set(['import.finished', 'items.finished', 'media.removed']);
/** Pauses before the attempts at a receiver that is being restarted, in milliseconds. */
const ATTEMPTS_AFTER_MS = [0, 500, 2_000, 5_000];
const ANSWER_MS = 15_000;

/**
 * Posts the events of the project, or of one import, to a local address, signed as the server signs webhooks. A lost
 * connection is resumed after the last event. Ends with the stream of a finished import, or with Ctrl-C.
 */
export async function listen(options: ListenOptions, signal: AbortSignal): Promise<number> {
  const target = urlOf(options.forwardTo);
  const given = process.env['WEBHOOK_SECRET'];
  const secret = given ?? `whsec_${randomBytes(32).toString('base64')}`;
  const client = await openClient(options);
  message(`Signing with ${secret}${given === undefined ? '' : ' (WEBHOOK_SECRET)'}`);
  let connections = 0;
  const onOpen = (): void => {
    connections += 1;
    const about = options.import === undefined ? 'the project' : options.import;
    message(connections === 1 ? `Waiting for events of ${about}; Ctrl-C ends` : 'Connected again');
  };
  try {
    const { imports } = client;
    const events =
      options.import === undefined
        ? imports.allEvents({ signal, onOpen })
        : imports.events(options.import, { signal, onOpen });
    for await (const event of events) {
      if (FORWARDED.has(event.data.type)) await forward(event, target, secret, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return ExitCode.ok;
}

async function forward(event: WatchedEvent, target: URL, secret: string, signal: AbortSignal): Promise<void> {
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
      await response.body?.cancel();
      message(`${type} ${id} → ${response.status} in ${Math.round(performance.now() - begin)} ms`);
      return;
    } catch (error) {
      signal.throwIfAborted();
      message(`${type} ${id} → ${causeOf(error)}`);
    }
  }
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
