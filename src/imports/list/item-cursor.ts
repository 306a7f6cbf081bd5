import { unknownCursor } from '../../http/unknown-cursor.js';

const CURSOR = /^p(\d{1,9})$/;

/** Encodes the position of the last item on a page as a cursor. */
export function itemCursor(position: number): string {
  return `p${position}`;
}

/** Decodes a cursor. @returns the position; -1, before the first item, without a cursor. @throws ApiError 400 */
export function positionIn(cursor: string | undefined): number {
  if (cursor === undefined) return -1;
  const position = CURSOR.exec(cursor)?.[1];
  if (position === undefined) throw unknownCursor();
  return Number(position);
}
