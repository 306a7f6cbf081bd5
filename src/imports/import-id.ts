import { randomInt } from 'node:crypto';

const LENGTH = 8;

/** A new import id: 8 characters of lower-case base 36; 2.8 × 10¹² of them. */
export function newImportId(): string {
  return randomInt(36 ** LENGTH)
    .toString(36)
    .padStart(LENGTH, '0');
}
