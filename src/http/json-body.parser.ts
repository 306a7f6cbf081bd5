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

/** Levels of arrays and objects that a body may have; what reads it later may be recursive. */
export const MAX_JSON_DEPTH = 100;

/** Each step of reading so much takes a millisecond or more. */
const LARGE_BYTES = 256 * 1024;

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]*)/i;

/**
 * Reads a JSON body for Fastify.
 *
 * Keys that would reach a prototype are refused; so are nesting beyond {@link MAX_JSON_DEPTH}, bytes that are not
 * UTF-8 (RFC 8259, section 8.1), other encodings, and a key twice in one object, of which only one could be kept (RFC
 * 7493, section 2.3). A fault is reported with its place, never with its text. An empty body is none: clients label it as
 * JSON where they send nothing, and a route that needs a body says so itself. The text is noted beside what is parsed,
 * because numbers lose digits on the way ({@link takeSource}).
 */
export function jsonBodyParser(
  request: Pick<FastifyRequest, 'headers'>,
  body: Buffer,
  done: (error: Error | null, value?: unknown) => void,
): void {
  readWithCallback(request.headers, body, done);
}

/**
 * Of a large body, each step is a slice: putting it together, which has been done, looking through it, parsing it, and
 * what the handler does then.
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
    throw badRequest({ body: `This must be UTF-8; it is not from byte ${firstBadByte(body)} on` });
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
    body: `This must be nested no deeper than ${MAX_JSON_DEPTH} levels; one more begins ${placeOf(text, tooDeep)}`,
  });
}

function parseText(text: string): unknown {
  try {
    return parse(text, undefined, { protoAction: 'error', constructorAction: 'error' });
  } catch {
    // The message of the error quotes the text, so the fault is described anew.
    throw badRequest({ body: describeJsonFault(text) });
  }
}

function refuseOtherEncodings(headers: FastifyRequest['headers']): void {
  const charset = CHARSET.exec(headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw unsupportedMediaType('This must be application/json in UTF-8');
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw unsupportedMediaType('This must be left out: compressed bodies are not read', 'content-encoding');
  }
}

/** Decoding puts U+FFFD for each bad sequence, so the first byte that does not survive the way back is the place. */
function firstBadByte(body: Buffer): number {
  const survived = Buffer.from(body.toString('utf8'), 'utf8');
  const length = Math.min(body.length, survived.length);
  for (let index = 0; index < length; index += 1) {
    if (body[index] !== survived[index]) return index;
  }
  return length;
}
