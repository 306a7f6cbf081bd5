import { EXCERPT, ReelportError, UnexpectedResponseError } from './errors.js';
import { liveChunksOf } from './lines.js';
import { pause } from './retrying.js';
import type { components } from './schema.js';

/** What happens to imports. `items.finished` has each item once for each time it finishes. */
export type ImportEvent =
  | components['schemas']['ImportProgressEventDto']
  | components['schemas']['ItemsFinishedEventDto']
  | components['schemas']['ImportFinishedEventDto'];

/** An event with the place where a stream can go on after it. */
export interface WatchedEvent {
  readonly data: ImportEvent;
  /** The JSON of `data` as received, with every digit of its numbers. */
  readonly text: string;
  /** Pass it as `after`; undefined before the first event that has one. */
  readonly cursor: string | undefined;
}

export interface EventOptions {
  /** Cursor of the last event that was processed; events after it follow. */
  readonly after?: string;
  readonly signal?: AbortSignal;
  /** Called for each connection, once the server has said from where on events follow. */
  readonly onOpen?: () => void;
  /** Called when such a connection has ended, whatever ended it. */
  readonly onLost?: () => void;
}

/** Sends a request for the stream. @throws ReelportError for an error response */
type Open = (headers: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<Response>;

/** The server sends something every 15 s. */
const SILENCE_MS = 45_000;
const FIRST_BACKOFF_MS = 1_000;
const MOST_BACKOFF_MS = 30_000;
const NO_CONTENT = 204;

/**
 * Reads a stream of events. After a lost connection it goes on where it was, so that no event is missed or repeated.
 *
 * @throws UnexpectedResponseError for an event that is not JSON
 * @throws ReelportError 400 for an unknown cursor, 410 for one that is too old, and for all other refusals
 * @throws the reason of the signal
 */
export async function* readEvents(
  open: Open,
  { after, signal, onOpen, onLost }: EventOptions,
): AsyncGenerator<WatchedEvent> {
  const stop = signal ?? new AbortController().signal;
  let cursor = after;
  let wasOpen = false;
  for (let backoff = FIRST_BACKOFF_MS; ; backoff = Math.min(2 * backoff, MOST_BACKOFF_MS)) {
    stop.throwIfAborted();
    let isOpen = false;
    try {
      const response = await open(
        { accept: 'text/event-stream', ...(cursor !== undefined && { 'last-event-id': cursor }) },
        stop,
      );
      if (response.status === NO_CONTENT || response.body === null) return;
      wasOpen = true;
      for await (const message of messages(response.body, stop)) {
        backoff = FIRST_BACKOFF_MS;
        if (!isOpen) onOpen?.();
        isOpen = true;
        cursor = message.id ?? cursor;
        if (message.data === '') continue;
        yield { data: eventIn(message.data, response), text: message.data, cursor };
      }
    } catch (error) {
      stop.throwIfAborted();
      const isAnswer = error instanceof ReelportError || error instanceof UnexpectedResponseError;
      if (isAnswer || !wasOpen) throw error;
    } finally {
      if (isOpen) onLost?.();
    }
    await pause(backoff * (0.5 + Math.random() / 2), stop);
  }
}

/** A message is complete, so that to go on after one that cannot be read would lose it. @throws UnexpectedResponseError */
function eventIn(text: string, { status, headers }: Response): ImportEvent {
  try {
    const event: ImportEvent = JSON.parse(text);
    return event;
  } catch {
    throw new UnexpectedResponseError(status, headers.get('content-type') ?? '', text.slice(0, EXCERPT));
  }
}

interface Message {
  /** Undefined if the block has none. */
  id: string | undefined;
  /** Empty if the block has none: an id alone is a place as well. */
  data: string;
}

/** The messages of one connection. @throws Error after a long silence */
async function* messages(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Message> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of liveChunksOf(body, { signal, silenceMs: SILENCE_MS })) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split(/\r?\n\r?\n/);
    text = blocks.pop() ?? '';
    for (const block of blocks) yield messageOf(block);
  }
}

/** Server-sent events, section 9.2.6 of the HTML standard, without lines that end with CR alone. */
function messageOf(block: string): Message {
  let id: string | undefined;
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field, value = ''] = /^(\w+)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'id') id = value;
    else if (field === 'data') data.push(value);
  }
  return { id, data: data.join('\n') };
}
