import { entriesOf, isFunction, valueOf } from './faults.reading.js';

const CODE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/;
const FIELD = /^[a-z][A-Za-z0-9]*$/;
const MIME_TYPE = /^[a-z]+\/[a-z0-9][a-z0-9.+-]*$/;
const FILE_EXTENSION = /^[a-z0-9]{1,10}$/;
/** Types and file extensions that browsers execute: media are served from an origin that may have cookies. */
const EXECUTED_TYPE =
  /(?:^text\/(?:html|css|xml|javascript)|\+xml|\/(?:xml|javascript|ecmascript|x-javascript|x-shockwave-flash))$/;
const EXECUTED_EXTENSION = /^(?:x?html?|xht|svgz?|xml|xsl|m?js|css|swf)$/;
const LONGEST_SENTENCE = 200;

/** Faults of the codes of a kind or a step. @param common codes that every kind has */
export function codeFaults(codes: unknown, common: readonly string[]): string[] {
  if (typeof codes !== 'object' || codes === null)
    return ['codes are missing; an empty object says that there are none'];
  return entriesOf(codes).flatMap(([code, value]) => {
    const faults: string[] = [];
    const [sentence, retryable] =
      typeof value === 'object' && value !== null
        ? [valueOf(value, 'sentence'), valueOf(value, 'retryable')]
        : [undefined, undefined];
    if (!CODE.test(code)) faults.push(`the code ${code} must be in UPPER_CASE`);
    if (common.includes(code)) faults.push(`the code ${code} is one that every kind has`);
    if (typeof sentence !== 'string' || sentence.trim() === '')
      faults.push(`the code ${code} has no sentence`);
    else if (sentence.endsWith('.')) faults.push(`the sentence of ${code} must not end with a full stop`);
    else if (sentence.length > LONGEST_SENTENCE || /\p{Cc}/u.test(sentence))
      faults.push(`the sentence of ${code} must have one line of at most ${LONGEST_SENTENCE} characters`);
    if (typeof retryable !== 'boolean') faults.push(`the code ${code} must say whether it is retryable`);
    return faults;
  });
}

/** Faults of the types of a kind of media. @param known MIME types by file extension, to which these are added */
export function typeFaults(types: unknown, known: Map<string, string>): string[] {
  const entries = entriesOf(types);
  if (entries.length === 0) return ['types must name at least one MIME type'];
  return entries.flatMap(([type, extension]) => {
    if (!MIME_TYPE.test(type)) return [`"${type}" is no MIME type, such as image/jpeg`];
    if (typeof extension !== 'string' || !FILE_EXTENSION.test(extension))
      return [`the file extension of ${type} must consist of lower-case letters and digits, such as jpg`];
    if (EXECUTED_TYPE.test(type) || EXECUTED_EXTENSION.test(extension))
      return [`${type} (${extension}) cannot be stored: browsers execute it`];
    const other = known.get(extension);
    if (other !== undefined && other !== type)
      return [`the file extension ${extension} of ${type} stands for ${other} already`];
    known.set(extension, type);
    return [];
  });
}

/** Faults of a shape. @param reserved names that mean something else in the same object */
export function fieldFaults(what: string, shape: unknown, reserved: readonly string[]): string[] {
  if (typeof shape !== 'object' || shape === null)
    return [`${what}s are missing; an empty object says that there are none`];
  return entriesOf(shape).flatMap(([name, field]) => {
    if (!FIELD.test(name))
      return [`the ${what} "${name}" must consist of letters and digits, a lower-case letter first`];
    if (reserved.includes(name)) return [`the ${what} "${name}" is reserved`];
    const isField = typeof field === 'object' && field !== null && isFunction(valueOf(field, 'holds'));
    return isField ? [] : [`the ${what} "${name}" must be made with integer(), text() …`];
  });
}
