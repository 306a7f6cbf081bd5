import * as fc from 'fast-check';
import type { OpenApi, Operation, Parameter } from '../openapi.reading.js';
import { broken, junk } from './broken.js';
import { valuesOf, type ValueOptions } from './values.js';

/** A request as it is sent. */
export interface FuzzRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

export interface RequestOptions extends ValueOptions {
  /** Valid and invalid Authorization headers; an empty one is omitted. */
  authorizations: readonly string[];
  /** Existing ids by parameter name, used as often as invented ids. */
  ids: Readonly<Record<string, readonly string[]>>;
}

const CONTENT_TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'application/json; charset=latin1',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'nonsense',
];

/** Requests for an operation: valid ones, boundary values, and broken ones. */
export function requestsFor(
  document: OpenApi,
  [method, path, operation]: readonly [method: string, path: string, operation: Operation],
  options: RequestOptions,
): fc.Arbitrary<FuzzRequest> {
  const { parameters = [] } = operation;
  const texts = (parameter: Parameter) => textsFor(document, parameter, options);
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const query = parameters.filter((parameter) => parameter.in === 'query');
  const header = parameters.filter((parameter) => parameter.in === 'header');
  return fc
    .record({
      // An empty path parameter would match another route.
      inPath: fc.tuple(...inPath.map((parameter) => texts(parameter).filter((text) => text !== ''))),
      query: fc.tuple(...query.map((parameter) => sometimes(texts(parameter), parameter.required ? 9 : 1))),
      unknown: sometimes(fc.tuple(fc.string(), fc.string()), 0.1),
      header: fc.tuple(...header.map((parameter) => sometimes(texts(parameter), 1))),
      authorization: fc.constantFrom(...options.authorizations),
      body: bodiesFor(document, operation, options),
    })
    .map((made) => {
      const search = new URLSearchParams();
      query.forEach(
        ({ name }, n) => made.query[n] !== undefined && search.append(name, wellFormed(made.query[n])),
      );
      if (made.unknown !== undefined) search.append(...made.unknown);
      const filled = inPath.reduce(
        (text, { name }, n) =>
          text.replace(`{${name}}`, encodeURIComponent(wellFormed(made.inPath[n] ?? ''))),
        path,
      );
      const headers = header.flatMap(({ name }, n): Array<[string, string]> => {
        const value = made.header[n];
        return value === undefined ? [] : [[name, printable(value)]];
      });
      return {
        method: method.toUpperCase(),
        path: search.size === 0 ? filled : `${filled}?${search.toString()}`,
        headers: {
          ...Object.fromEntries(headers),
          ...(made.authorization !== '' && { authorization: made.authorization }),
          ...(made.body !== null && { 'content-type': made.body.type }),
        },
        body: made.body?.text ?? null,
      };
    });
}

function textsFor(
  document: OpenApi,
  { name, schema }: Parameter,
  options: RequestOptions,
): fc.Arbitrary<string> {
  // A long poll of an unfinished import takes the seconds that it asks for.
  const made = name === 'wait' ? fc.constantFrom(-1, 0, 1, 61) : valuesOf(document, schema, options);
  const known = options.ids[name] ?? [];
  return fc.oneof(
    { weight: 3, arbitrary: made.map(String) },
    {
      weight: 1,
      arbitrary: junk.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
    },
    ...(known.length === 0 ? [] : [{ weight: 3, arbitrary: fc.constantFrom(...known) }]),
  );
}

/** An operation without a request body may get one as well. */
function bodiesFor(document: OpenApi, { requestBody }: Operation, options: RequestOptions) {
  const raw = fc.record({ type: fc.constantFrom(...CONTENT_TYPES), text: fc.string({ unit: 'binary' }) });
  const schema = requestBody?.content?.['application/json']?.schema;
  if (schema === undefined) {
    return fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: json(junk) }, raw);
  }
  const valid = valuesOf(document, schema, options);
  return fc.oneof(
    { weight: 4, arbitrary: json(valid) },
    { weight: 4, arbitrary: json(broken(valid)) },
    { weight: 1, arbitrary: json(junk) },
    { weight: 1, arbitrary: raw },
    { weight: 1, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(json(valid), fc.nat({ max: 200 }))
        .map(([{ type, text }, length]) => ({ type, text: text.slice(0, length) })),
    },
  );
}

function json(value: fc.Arbitrary<unknown>): fc.Arbitrary<{ type: string; text: string }> {
  return value.map((sent) => ({ type: 'application/json', text: JSON.stringify(sent) }));
}

/** The value or undefined; a higher weight makes undefined rarer. */
function sometimes<T>(value: fc.Arbitrary<T>, weight: number): fc.Arbitrary<T | undefined> {
  const scale = 10;
  return fc.oneof(
    { weight: Math.max(1, Math.round(weight * scale)), arbitrary: value },
    { weight: scale, arbitrary: fc.constant(undefined) },
  );
}

/** Percent-encoding cannot carry lone surrogates. */
function wellFormed(text: string): string {
  return text.toWellFormed();
}

/** Replaces characters that a header cannot carry. */
function printable(text: string): string {
  return text.replaceAll(/[^\t\u0020-\u007e\u0080-\u00ff]/g, '?').trim();
}
