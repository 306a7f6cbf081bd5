import { ApiError, badRequest } from '../../http/api-error.js';

const CURSOR = /^e(\d{1,15})t(\d{1,11})$/;
/** Clocks of the processes and of the database may differ. */
const FUTURE_MS = 60_000;

/** Encodes a cursor: everything up to this event was passed on, and at this time nothing newer was. */
export function eventCursor(eventId: number, at: Date): string {
  return `e${eventId}t${Math.floor(at.getTime() / 1_000)}`;
}

/**
 * Decodes a cursor.
 *
 * @param key header or parameter that it came in
 * @returns id of the last event that was passed on
 * @throws ApiError 400 for a text that is no cursor, 410 for one that is older than the retention
 */
export function eventIn(cursor: string, { key, retentionMs }: { key: string; retentionMs: number }): number {
  const [, id, seconds] = CURSOR.exec(cursor) ?? [];
  if (id === undefined) throw noCursor(key);
  const age = Date.now() - Number(seconds) * 1_000;
  if (age < -FUTURE_MS) throw noCursor(key);
  if (age > retentionMs) throw expired(key, retentionMs);
  return Number(id);
}

export function noCursor(key: string): ApiError {
  return badRequest({ [key]: 'Must be the id of an event of this stream' });
}

/** 410, with what can be done instead. */
export function expired(key: string, retentionMs: number): ApiError {
  const hours = Math.floor(retentionMs / 3_600_000);
  const kept = hours > 0 ? `${hours} h` : `${Math.floor(retentionMs / 60_000)} min`;
  return new ApiError(410, {
    [key]:
      `Events are kept for ${kept}, and later ones may be missing; read GET /api/v1/imports/{id}/items or the report, ` +
      'then open a stream without a cursor',
  });
}
