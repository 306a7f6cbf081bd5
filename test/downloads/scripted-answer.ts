import type { SeenRequest, SpokenAnswer } from '../support/answering-origin.js';
import type { Behaviour } from './behaviour.js';

const HOUR = 3_600_000;
const FIRST_DATE = Date.UTC(2019, 10, 21, 12);

/** Appended to a file that is declared longer than it is. */
export const PADDING = Buffer.alloc(7, 'x');

const httpDate = (time: number): string => new Date(time).toUTCString();

/** Validators that the origin sends for its version. */
function validatorsOf({ validators, version, lie }: Behaviour): Record<string, string> {
  const tagged = lie === 'tag of the first version' ? 0 : version;
  const dated = lie === 'date of the first version' ? 0 : version;
  const tag = { etag: `"v${tagged}"` };
  const date = {
    'last-modified': httpDate(FIRST_DATE + dated * HOUR),
    date: httpDate(FIRST_DATE + 24 * HOUR),
  };
  switch (validators) {
    case 'strong tag':
      return tag;
    // Both versions have the same weak tag.
    case 'weak tag':
      return { etag: 'W/"v"' };
    case 'date':
      return date;
    // Both versions were written within this second.
    case 'date within the second':
      return { 'last-modified': httpDate(FIRST_DATE - HOUR), date: httpDate(FIRST_DATE - HOUR) };
    case 'tag and date':
      return { ...tag, ...date };
    case 'weak tag and date':
      return { etag: `W/"v${tagged}"`, ...date };
    default:
      return {};
  }
}

/** The truthful answer with the lie of the script. */
export function scriptedAnswer(request: SeenRequest, file: Buffer, behaviour: Behaviour): SpokenAnswer {
  const { framing, cut, lie } = behaviour;
  const validators = lie === 'no validators' ? {} : validatorsOf(behaviour);
  if (lie !== null && typeof lie === 'object') {
    if ('status' in lie) return { status: lie.status, headers: validators };
    if (isConditional(request)) return { status: lie.refuses, headers: validators };
  }
  if (isUnchanged(request, behaviour, validators)) return { status: 304, headers: validators };
  const from = rangeOf(request, behaviour, validators);
  if (from !== null && from >= file.length) {
    return { status: 416, headers: { 'content-range': `bytes */${file.length}` } };
  }
  const answer = from === null ? wholeAnswer(file, lie) : partAnswer(file, from, lie);
  const { etag, 'last-modified': lastModified, date } = validators;
  const isPart = from !== null;
  const headers = {
    ...(etag !== undefined && !(isPart && lie === 'part without its tag') && { etag }),
    ...(lastModified !== undefined &&
      !(isPart && lie === 'part without its date') && { 'last-modified': lastModified }),
    ...(date !== undefined && { date }),
    ...(lie === 'compressed' && { 'content-encoding': 'gzip' }),
    ...answer.headers,
  };
  const { body = Buffer.alloc(0) } = answer;
  const at = cut && Math.floor((body.length * cut.at) / 1_000);
  return {
    framing,
    ...answer,
    headers,
    ...(cut && at !== null && { cut: { at, by: cut.by } }),
  };
}

function wholeAnswer(file: Buffer, lie: Behaviour['lie']): SpokenAnswer {
  const half = Math.ceil(file.length / 2);
  switch (lie) {
    case 'declared too short':
      return { status: 200, body: file, framing: 'length', headers: { 'content-length': String(half) } };
    case 'declared too long':
      return {
        status: 200,
        body: file,
        framing: 'length',
        headers: { 'content-length': String(file.length + 1) },
      };
    case 'shorter body':
      return { status: 200, body: file.subarray(0, half), framing: 'close' };
    case 'unrequested part':
      return {
        status: 206,
        body: file.subarray(0, half),
        headers: { 'content-range': `bytes 0-${half - 1}/${file.length}` },
      };
    case 'whole file as a part, cut':
      return {
        status: 206,
        body: file.subarray(0, half),
        framing: 'length',
        headers: { 'content-range': `bytes 0-${file.length - 1}/${file.length}` },
      };
    case 'whole file as a part':
      return {
        status: 206,
        body: file,
        headers: { 'content-range': `bytes 0-${file.length - 1}/${file.length}` },
      };
    default:
      return { status: 200, body: file };
  }
}

function partAnswer(file: Buffer, from: number, lie: Behaviour['lie']): SpokenAnswer {
  const last = file.length - 1;
  const rest = file.subarray(from);
  const range = `bytes ${from}-${last}/${file.length}`;
  const part = (headers: Record<string, string>, more: Partial<SpokenAnswer> = {}): SpokenAnswer => ({
    status: 206,
    body: rest,
    ...more,
    headers: { 'content-range': range, ...headers },
  });
  switch (lie) {
    case 'shorter body':
      return part({}, { body: rest.subarray(0, rest.length >> 1), framing: 'chunked' });
    case 'longer body':
      return part({}, { body: Buffer.concat([rest, file]), framing: 'chunked' });
    case 'another length':
      return part({}, { body: rest.subarray(0, rest.length >> 1), framing: 'length' });
    case 'another first byte':
      return from === last
        ? part({})
        : part(
            { 'content-range': `bytes ${from + 1}-${last}/${file.length}` },
            { body: file.subarray(from + 1) },
          );
    case 'an earlier first byte':
      return from === 0
        ? part({})
        : part(
            { 'content-range': `bytes ${from - 1}-${last}/${file.length}` },
            { body: file.subarray(from - 1) },
          );
    case 'another total':
      return part(
        { 'content-range': `bytes ${from}-${last + PADDING.length}/${file.length + PADDING.length}` },
        { body: Buffer.concat([rest, PADDING]) },
      );
    case 'part of the rest':
      return part(
        { 'content-range': `bytes ${from}-${from}/${file.length}` },
        { body: file.subarray(from, from + 1) },
      );
    case 'no range':
      return { status: 206, body: rest };
    case 'no total':
      return part({ 'content-range': `bytes ${from}-${last}/*` });
    case 'whole file as the rest':
      return part({}, { body: file });
    case 'whole file as a part':
      return part({ 'content-range': `bytes 0-${last}/${file.length}` }, { body: file });
    case 'whole file as a part, cut':
      return part(
        { 'content-range': `bytes 0-${last}/${file.length}` },
        { body: file.subarray(0, Math.ceil(file.length / 2)), framing: 'length' },
      );
    case 'whole file as the rest, in chunks':
      return part({}, { body: file, framing: 'chunked' });
    case 'rest as a whole file':
      return part({}, { status: 200 });
    case 'rest as a whole file, without a range':
      return { status: 200, body: rest };
    case 'several parts':
      // As long as the remaining part, but filled with multipart delimiters.
      return part(
        { 'content-type': 'multipart/byteranges; boundary=x' },
        { body: Buffer.alloc(rest.length, '--x\r\n') },
      );
    default:
      return part({});
  }
}

function isConditional({ headers }: SeenRequest): boolean {
  return ['range', 'if-none-match', 'if-modified-since'].some((name) => name in headers);
}

const weak = (etag: string | undefined): string | undefined => etag?.replace(/^W\//, '');

function isUnchanged(
  { headers }: SeenRequest,
  { conditional }: Behaviour,
  own: Record<string, string>,
): boolean {
  if (!conditional) return false;
  const tag = headers['if-none-match'];
  if (tag !== undefined) return weak(tag) === weak(own['etag']);
  const since = headers['if-modified-since'];
  return since !== undefined && Date.parse(own['last-modified'] ?? '') <= Date.parse(since);
}

/** First byte sent; null for the whole file. */
function rangeOf(
  { headers }: SeenRequest,
  { ranges }: Behaviour,
  own: Record<string, string>,
): number | null {
  const from = /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1];
  if (ranges === 'unknown' || from === undefined) return null;
  const condition = headers['if-range'];
  const holds = condition === undefined || condition === own['etag'] || condition === own['last-modified'];
  return holds || ranges === 'without If-Range' ? Number(from) : null;
}
