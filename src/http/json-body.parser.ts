import type { FastifyRequest } from 'fastify';
import { isUtf8 } from 'node:buffer';
import { callbackify } from 'node:util';
import { parse } from 'secure-json-parse';
import { badRequest, unsupportedMediaType } from './api-error.js';
import { noteSource } from './body-source.js';
import { describeJsonFault, placeOf } from './json-fault.js';
import { countMembers, describeRepeatedKey } from './json-members.js';
import { type JsonSurvey, surveyJson } from './json-survey.js';
import { TimeSlices } from './time-slices.js';

/** Maximum nesting of arrays and objects; later readers may be recursive. */
export const MAX_JSON_DEPTH = 100;

/** From this size on, each step of reading takes a millisecond or more. */
const LARGE_BYTES = 256 * 1024;

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]*)/i;

/**
 * Reads a JSON body for Fastify.
 *
 * Refuses keys that would reach a prototype, nesting beyond {@link MAX_JSON_DEPTH}, bytes that are not UTF-8 (RFC 8259,
 * section 8.1), other encodings, and duplicate keys in one object, of which only one could be kept (RFC 7493, section
 * 2.3). Faults are reported by position, never with the text. An empty body counts as no body: some clients label it as
 * JSON when they send nothing, and routes that need a body report it themselves. The source text is stored beside the
 * parsed value because parsing loses digits of numbers ({@link takeSource}).
 */
export function jsonBodyParser(
  request: Pick<FastifyRequest, 'headers'>,
  body: Buffer,
  done: (error: Error | null, value?: unknown) => void,
): void {
  readWithCallback(request.headers, body, done);
}

/**
 * For a large body each step is a time slice of its own: concatenating (already done), surveying, parsing, and the
 * handler.
 */
async function readJson(headers: FastifyRequest['headers'], body: Buffer): Promise<unknown> {
  const slices = new TimeSlices();
  const isLarge = body.byteLength > LARGE_BYTES;
  if (isLarge) await slices.pause();
  const text = readText(headers, body);
  if (isLarge) await slices.pause();
  if (text.trim() === '') return undefined;
  const { members, numbersSurvive } = surveyed(text);
  const value = parseText(text);
  if (isLarge) await slices.pause();
  if (countMembers(value) !== members) throw badRequest(describeRepeatedKey(text));
  if (isLarge) await slices.pause();
  noteSource(value, { text, start: text.search(/\S/), numbersSurvive });
  return value;
}

const readWithCallback = callbackify(readJson);

function readText(headers: FastifyRequest['headers'], body: Buffer): string {
  refuseOtherEncodings(headers);
  if (!isUtf8(body)) {
    throw badRequest({ body: `Must be UTF-8; invalid at byte ${firstBadByte(body)}` });
  }
  // A byte order mark may be ignored (RFC 8259, section 8.1).
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  return text;
}

function surveyed(text: string): JsonSurvey {
  const survey = surveyJson(text, MAX_JSON_DEPTH);
  const { tooDeep } = survey;
  if (tooDeep === undefined) return survey;
  throw badRequest({
    body: `Must be nested at most ${MAX_JSON_DEPTH} levels deep; exceeded ${placeOf(text, tooDeep)}`,
  });
}

function parseText(text: string): unknown {
  try {
    return parse(text, undefined, { protoAction: 'error', constructorAction: 'error' });
  } catch {
    // The message of the error quotes the text, so the fault is described separately.
    throw badRequest({ body: describeJsonFault(text) });
  }
}

function refuseOtherEncodings(headers: FastifyRequest['headers']): void {
  const charset = CHARSET.exec(headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw unsupportedMediaType('Must be application/json in UTF-8');
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw unsupportedMediaType(
      'Content-Encoding is not supported; send the body uncompressed',
      'content-encoding',
    );
  }
}

/**
 * Decoding replaces each invalid sequence by U+FFFD, so the first byte that does not survive the round trip is the
 * position.
 */
function firstBadByte(body: Buffer): number {
  const survived = Buffer.from(body.toString('utf8'), 'utf8');
  const length = Math.min(body.length, survived.length);
  for (let index = 0; index < length; index += 1) {
    if (body[index] !== survived[index]) return index;
  }
  return length;
}
