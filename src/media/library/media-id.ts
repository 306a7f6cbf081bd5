import { randomBytes } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 12;
/** Bytes from this value on would bias the characters. */
const FAIR = 256 - (256 % ALPHABET.length);

/** Generates a mediaId: 12 characters of [A-Za-z0-9], 3.2 × 10²¹ combinations. */
export function newMediaId(): string {
  let id = '';
  while (id.length < LENGTH) {
    for (const byte of randomBytes(2 * LENGTH)) {
      if (byte < FAIR && id.length < LENGTH) id += ALPHABET[byte % ALPHABET.length];
    }
  }
  return id;
}
