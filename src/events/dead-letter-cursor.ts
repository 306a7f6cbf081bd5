import { unknownCursor } from '../http/unknown-cursor.js';

/** Position of a dead letter in the list; it remains one after a retry. */
export interface DeadLetterPosition {
  failedAt: Date;
  id: string;
}

const CURSOR = /^(\d{1,15})-([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/;

/** Encodes the position of the last dead letter on a page as a cursor. */
export function deadLetterCursor({ failedAt, id }: DeadLetterPosition): string {
  return `${failedAt.getTime()}-${id}`;
}

/** Decodes a cursor. @throws ApiError 400 */
export function deadLetterPosition(cursor: string): DeadLetterPosition {
  const [, time, id] = CURSOR.exec(cursor) ?? [];
  if (time === undefined || id === undefined) throw unknownCursor();
  return { failedAt: new Date(Number(time)), id };
}
