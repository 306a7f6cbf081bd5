import type { JsonSource } from './body-source.js';
import type { DtoPlan } from './dto-plan.js';
import { keepText } from './free-form-text.js';
import { elementStarts, endOfValue, memberStarts } from './json-scan.js';
import { isPlainObject, type PlainObject } from './plain-object.js';

/** Keeps the source texts of the free-form fields of an object. */
export function keepFreeForm(plan: DtoPlan, value: PlainObject, { text, start }: JsonSource): void {
  const objects = [...plan.freeForm.keys()].filter((field) => isPlainObject(value[field]));
  for (const [field, from] of memberStarts(text, start, new Set(objects))) {
    const object = value[field];
    const maxLength = plan.freeForm.get(field)?.maxLength ?? Infinity;
    if (isPlainObject(object)) keepText(object, text.slice(from, endOfValue(text, from)), maxLength);
  }
}

/**
 * Yields the sources of the entries of an array in order. There may be many entries, so sources are located only if the
 * numbers of the body need them.
 */
export function* entrySources(
  source: JsonSource | undefined,
  field: string,
): Generator<JsonSource, undefined> {
  if (source === undefined || source.numbersSurvive) return;
  const start = memberStarts(source.text, source.start, new Set([field])).get(field);
  if (start === undefined) return;
  for (const entryStart of elementStarts(source.text, start)) yield { ...source, start: entryStart };
}
