import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Json, OpenApi, Operation } from '../openapi.reading.js';

/** An unparsed answer. */
export interface FuzzAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
}

const ENVELOPE: Json = { $ref: '#/components/schemas/ErrorEnvelopeDto' };

/** Compares answers with the OpenAPI document. Every method returns a list of faults. */
export class AnswerJudge {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor({ components }: OpenApi) {
    formats.default(this.ajv);
    this.ajv.addSchema({ $id: 'document', components });
  }

  /** Checks an answer of an operation: no 5xx, a listed status, and a body that matches its schema. */
  faultsOf(operation: Operation, answer: FuzzAnswer): string[] {
    const { status, body } = answer;
    const listed = operation.responses[status];
    if (status >= 500) return [`${status} is not allowed: ${body}`];
    if (listed === undefined) return [`${status} is not listed: ${body}`];
    const content = listed.content?.['application/json'];
    if (content === undefined) return faultsOfText(Object.keys(listed.content ?? {}), answer);
    return [...this.faultsOfJson(content.schema, answer), ...faultsOfHeaders(answer)];
  }

  /** Checks an answer outside of all operations: an error in the envelope. */
  faultsOfError(answer: FuzzAnswer): string[] {
    const { status, body } = answer;
    if (status >= 500 || status < 400) return [`${status} is not allowed here: ${body}`];
    return [...this.faultsOfJson(ENVELOPE, answer), ...faultsOfHeaders(answer)];
  }

  private faultsOfJson(schema: Json, { status, headers, body }: FuzzAnswer): string[] {
    if (!/^application\/json(?:; charset=utf-8)?$/.test(String(headers['content-type']))) {
      return [`${status} is no JSON: ${String(headers['content-type'])}`];
    }
    const value: Json = JSON.parse(body);
    const validate = this.ajv.compile(absolute(schema));
    const faults = validate(value)
      ? []
      : (validate.errors ?? []).map((fault) => `${fault.instancePath} ${fault.message}: ${body}`);
    if (status >= 400 && value['status'] !== status) {
      faults.push(`the body has another status than ${status}: ${body}`);
    }
    return faults;
  }
}

/** Checks an answer that is not JSON: a listed content type, or no body if none is listed. */
function faultsOfText(types: readonly string[], { status, headers, body }: FuzzAnswer): string[] {
  if (types.length === 0) return body === '' ? [] : [`${status} has a body: ${body}`];
  const [type = ''] = String(headers['content-type']).split(';');
  return types.includes(type) ? [] : [`${status} is ${type}, not ${types.join(' or ')}`];
}

/** Checks for RFC 6750 (section 3), RFC 6585 (section 4) and `nosniff`. */
function faultsOfHeaders({ status, headers }: FuzzAnswer): string[] {
  const faults = [];
  if (status === 401 && headers['www-authenticate'] === undefined) faults.push('401 without a challenge');
  if (status === 429 && headers['retry-after'] === undefined) faults.push('429 without Retry-After');
  if (headers['x-content-type-options'] !== 'nosniff') faults.push(`${status} without nosniff`);
  return faults;
}

/** Makes references absolute, so that a schema can be compiled outside of the document. */
function absolute(schema: Json): Json {
  const text = JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"document#/');
  const changed: Json = JSON.parse(text);
  return changed;
}
