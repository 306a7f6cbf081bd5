import { unknownCursor } from '../../http/unknown-cursor.js';

const CURSOR = /^p(\d{1,9})$/;

/** Where a list of items goes on behind a position. */
export function itemCursor(position: number): string {
  return `p${position}`;
}

/** The position in a cursor; -1, which is before the first, where none is given. @throws ApiError 400 */
export function positionIn(cursor: string | undefined): number {
  if (cursor === undefined) return -1;
  const position = CURSOR.exec(cursor)?.[1];
  if (position === undefined) throw unknownCursor();
  return Number(position);
}
