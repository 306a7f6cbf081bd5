import { stringifyRaw } from '../../http/raw-json.js';
import type { ReadEvent } from './event-bodies.js';
import { eventCursor } from './event-cursor.js';
import type { WatchedImport } from './import-events.repository.js';

/** Milliseconds after which a client reconnects. */
const RETRY_MS = 2_000;

/** An event in the format of server-sent events, encoded once for all streams. */
export interface EncodedEvent {
  /** Of the last event in it. */
  id: number;
  bytes: Buffer;
}

export function encodeEvent({ id, at, type, body }: ReadEvent): EncodedEvent {
  // The context of a batch has the line breaks that its partner sent. The format knows them only between fields.
  const data = stringifyRaw(body).replaceAll(/\r\n|\r|\n/g, '\ndata: ');
  const text = `event: ${type}\nid: ${eventCursor(id, at)}\ndata: ${data}\n\n`;
  return { id, bytes: Buffer.from(text, 'utf8') };
}

/** Without an id: progress is not repeated after a reconnect. */
export function encodeProgress({ id, total, success, skipped, failed }: WatchedImport): Buffer {
  const body = {
    type: 'import.progress',
    timestamp: new Date().toISOString(),
    id,
    state: 'started',
    progress: { total, success, skipped, failed, pending: total - success - skipped - failed },
  };
  return Buffer.from(`event: import.progress\ndata: ${JSON.stringify(body)}\n\n`, 'utf8');
}

/** First lines of every stream. */
export const OPENING = Buffer.from(`retry: ${RETRY_MS}\n\n`);

/**
 * A comment that keeps the connection open, with an id that keeps the cursor of a quiet stream young.
 *
 * @param position last event that was passed on; undefined if there is none yet
 */
export function encodeHeartbeat(position: number | undefined): Buffer {
  if (position === undefined) return Buffer.from(':\n\n');
  const cursor = eventCursor(position, new Date());
  return Buffer.from(`:\nid: ${cursor}\n\n`);
}
