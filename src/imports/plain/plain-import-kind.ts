import type { Codes } from '../../extension/codes.js';
import type { PlainKindPart } from '../../extension/define-kind.js';
import { DOWNLOAD_FAILURES } from '../download-failures.js';
import { ENGINE_CODES } from '../failure.js';
import type { ImportKind } from '../import-kind.js';
import { plainEntry } from '../request/stored-entry.js';
import type { ResultField } from '../result/result-field.js';

/** The plain kind of an extension as the API sees it. Stored results have the fields of its `result`. */
export function plainImportKind(kind: PlainKindPart): ImportKind {
  const { name, noun, result, report } = kind;
  const unknown = report.filter((column) => !Object.hasOwn(result, column));
  if (unknown.length > 0) {
    throw new Error(`Import kind "${name}": the result has no field ${unknown.join(', ')} for the report`);
  }
  return {
    name,
    noun,
    result: Object.entries(result)
      .filter(([, { inStatus }]) => inStatus)
      .map(([field, { isOptional }]) => (isOptional ? optionalMember(field) : member(field))),
    report: report.map(member),
    codes: plainCodes(kind),
    urlOf: (payload) => kind.host(payload),
    entryOf: plainEntry,
  };
}

function member(name: string): ResultField {
  return { name, source: { member: name } };
}

/** Absent from the result if it is absent from the stored one. */
function optionalMember(name: string): ResultField {
  return { name, source: { compute: (stored) => stored[name] } };
}

/** Every code that an item of a plain kind can fail with. */
export function plainCodes({ codes }: Pick<PlainKindPart, 'codes'>): Codes {
  return { ...ENGINE_CODES, ...DOWNLOAD_FAILURES, ...codes };
}
