import { randomInt } from 'node:crypto';

const LENGTH = 8;

/** Generates an import id: 8 characters of lower-case base 36, 2.8 × 10¹² possible values. */
export function newImportId(): string {
  return randomInt(36 ** LENGTH)
    .toString(36)
    .padStart(LENGTH, '0');
}
