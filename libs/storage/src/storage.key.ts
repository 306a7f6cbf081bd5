import { randomUUID } from 'node:crypto';
import { StorageError } from './storage.error.js';

const EXTENSION = /^[a-z0-9]{1,8}$/;
const KEY =
  /^\d{4}\/\d{2}\/\d{2}\/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\.[a-z0-9]{1,8}$/;

/**
 * Creates a new key: the day in UTC and a random UUID, such as `2019/11/21/a209790e-4a4b-4e0f-8d51-6d3a1c1f0b77.mp4`.
 * It contains no external input, and the leading day lets an orphan sweep skip recent files.
 *
 * @param extension of the detected container, without a dot: `mp4`
 * @returns a key
 * @throws StorageError `INVALID_KEY` unless the extension is 1–8 characters of `a-z0-9`
 */
export function newKey(extension: string, now: Date = new Date()): string {
  if (!EXTENSION.test(extension)) throw new StorageError('INVALID_KEY', 'The file extension is invalid');
  return `${now.toISOString().slice(0, 10).replaceAll('-', '/')}/${randomUUID()}.${extension}`;
}

/** Whether a string has the form of a `newKey` key. Such a string cannot escape a folder or a bucket prefix. */
export function isKey(value: string): boolean {
  return KEY.test(value);
}

declare const checked: unique symbol;
/** A string checked by {@link assertKey}. */
export type Key = string & { readonly [checked]: true };

/** @throws StorageError `INVALID_KEY` if the key was not created by `newKey` */
export function assertKey(key: string): asserts key is Key {
  if (!isKey(key)) throw new StorageError('INVALID_KEY', 'The storage key is invalid');
}
