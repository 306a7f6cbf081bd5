import { compressedPart, storedPart, type GzipPart } from '../../http/gzip-parts.js';
import { stringifyRaw } from '../../http/raw-json.js';
import type { ReadEvent } from './event-bodies.js';
import { eventCursor } from './event-cursor.js';
import type { WatchedImport } from './import-events.repository.js';

/** Milliseconds after which a client reconnects. */
const RETRY_MS = 2_000;
/** Characters that are compressed as one. */
const MOST_JOINED = 128 * 1024;

/** Text of a stream, encoded once for all clients. */
export interface Encoded {
  /** For clients that do not accept compression. */
  bytes: Buffer;
  gzip: GzipPart;
}

/** Events that a stream sends at once. */
export interface EncodedEvents extends Encoded {
  /** Of the last event in it. */
  lastId: number;
}

/** Encodes events in the format of server-sent events, and joins small ones. @returns some, in their order */
export async function encodeEvents(events: readonly ReadEvent[]): Promise<EncodedEvents[]> {
  const joined: Array<{ lastId: number; text: string }> = [];
  for (const event of events) {
    const text = textOf(event);
    const open = joined.at(-1);
    if (open === undefined || open.text.length + text.length > MOST_JOINED)
      joined.push({ lastId: event.id, text });
    else Object.assign(open, { lastId: event.id, text: open.text + text });
  }
  return Promise.all(
    joined.map(async ({ lastId, text }) => {
      const bytes = Buffer.from(text, 'utf8');
      return { lastId, bytes, gzip: await compressedPart(bytes) };
    }),
  );
}

function textOf({ id, at, type, body }: ReadEvent): string {
  // The context of a batch has the line breaks that its partner sent. The format knows them only between fields.
  const data = stringifyRaw(body).replaceAll(/\r\n|\r|\n/g, '\ndata: ');
  return `event: ${type}\nid: ${eventCursor(id, at)}\ndata: ${data}\n\n`;
}

/** Without an id: progress is not repeated after a reconnect. */
export function encodeProgress({ id, total, success, skipped, failed }: WatchedImport): Encoded {
  const body = {
    type: 'import.progress',
    timestamp: new Date().toISOString(),
    id,
    state: 'started',
    progress: { total, success, skipped, failed, pending: total - success - skipped - failed },
  };
  return short(`event: import.progress\ndata: ${JSON.stringify(body)}\n\n`);
}

/** First lines of every stream. */
export const OPENING = short(`retry: ${RETRY_MS}\n\n`);

/**
 * A comment that keeps the connection open, with an id that keeps the cursor of a quiet stream young.
 *
 * @param position last event that was passed on; undefined if there is none yet
 */
export function encodeHeartbeat(position: number | undefined): Encoded {
  if (position === undefined) return short(':\n\n');
  const cursor = eventCursor(position, new Date());
  return short(`:\nid: ${cursor}\n\n`);
}

function short(text: string): Encoded {
  const bytes = Buffer.from(text, 'utf8');
  return { bytes, gzip: storedPart(bytes) };
}
