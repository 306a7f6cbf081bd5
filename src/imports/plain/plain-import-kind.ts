import type { PlainKindPart } from '../../extension/define-kind.js';
import type { ImportKind } from '../import-kind.js';
import type { ResultField } from '../result/result-field.js';

/** The plain kind of an extension as the API sees it. Stored results have the fields of its `result`. */
export function plainImportKind({ name, noun, result, report }: PlainKindPart): ImportKind {
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
  };
}

function member(name: string): ResultField {
  return { name, source: { member: name } };
}

/** Absent from the result if it is absent from the stored one. */
function optionalMember(name: string): ResultField {
  return { name, source: { compute: (stored) => stored[name] } };
}
