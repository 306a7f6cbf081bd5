import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { compressionsOf, type OutboundResponse, type ResponseHeaders } from '#libs/outbound-http';

const TEXT_TYPE = /^text\/|^application\/(?:json|xml|x-www-form-urlencoded)$|\+(?:json|xml)$/;
const CHARSET = /;\s*charset\s*=\s*"?([^\s";]*)/i;
/** PostgreSQL stores no U+0000, and a terminal obeys the others. */
const CONTROL = /[^\P{Cc}\t\n\r]/gu;

/**
 * Reads the beginning of a response as text. Never fails: a body that breaks off ends there.
 *
 * @returns at most `maxBytes` bytes of the body, cut at a whole character; null if it is empty, compressed or not text
 */
export async function responseText(
  { headers, body }: Pick<OutboundResponse, 'headers' | 'body'>,
  maxBytes: number,
): Promise<string | null> {
  const decoder = maxBytes === 0 ? null : decoderFor(headers);
  if (decoder === null) return null;
  const bytes = await firstBytes(body, maxBytes);
  try {
    // As in a stream: a character that is not complete is left out.
    const text = decoder.decode(bytes, { stream: true });
    return text === '' ? null : text.replaceAll(CONTROL, '\uFFFD');
  } catch {
    // Expected: without a media type, only UTF-8 counts as text.
    return null;
  }
}

function decoderFor(headers: ResponseHeaders): TextDecoder | null {
  if (compressionsOf(headers).length > 0) return null;
  const given = headers['content-type']?.trim() ?? '';
  if (given === '') return new TextDecoder('utf-8', { fatal: true });
  const [type = ''] = given.split(/[\s;,]/, 1);
  return TEXT_TYPE.test(type.toLowerCase()) ? decoderOf(CHARSET.exec(given)?.[1] ?? 'utf-8') : null;
}

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    // Expected: the receiver names an encoding that does not exist.
    return new TextDecoder();
  }
}

function firstBytes(body: Readable, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const end = (): void => {
      body.off('data', take).off('close', end);
      resolve(Buffer.concat(chunks).subarray(0, maxBytes));
    };
    const take = (chunk: Uint8Array): void => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= maxBytes) end();
    };
    if (body.closed) return end();
    // Whether the body ends, fails or is aborted: it is closed.
    body.on('close', end).on('data', take);
  });
}
