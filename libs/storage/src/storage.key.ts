import { randomUUID } from 'node:crypto';
import { StorageError } from './storage.error.js';

const EXTENSION = /^[a-z0-9]{1,8}$/;
const KEY =
  /^\d{4}\/\d{2}\/\d{2}\/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\.[a-z0-9]{1,8}$/;

/**
 * A key nobody has used: the day in UTC, then a random UUID, such as
 * `2019/11/21/a209790e-4a4b-4e0f-8d51-6d3a1c1f0b77.mp4`. Nothing of it comes from outside, and the day in front lets
 * a search for orphans look at old days only.
 *
 * @param extension of the container that was recognised, without a dot: `mp4`
 * @throws StorageError `INVALID_KEY` for an extension that is not 1–8 of `a-z0-9`
 */
export function newKey(extension: string, now: Date = new Date()): string {
  if (!EXTENSION.test(extension)) throw new StorageError('INVALID_KEY', 'The file extension is not usable');
  return `${now.toISOString().slice(0, 10).replaceAll('-', '/')}/${randomUUID()}.${extension}`;
}

/** Whether a string is a key as `newKey` makes them. Such a string cannot lead out of a folder or a bucket prefix. */
export function isKey(value: string): boolean {
  return KEY.test(value);
}

declare const checked: unique symbol;
/** A string that has been through {@link assertKey}. */
export type Key = string & { readonly [checked]: true };

/** @throws StorageError `INVALID_KEY` */
export function assertKey(key: string): asserts key is Key {
  if (!isKey(key)) throw new StorageError('INVALID_KEY', 'The storage key is not one that was made here');
}
