/** Reading of parts whose types nobody may have checked: JavaScript, or `as any`. */

export function valueOf(part: object, key: string): unknown {
  return Reflect.get(part, key);
}

/** The elements of a member; none unless it is a list. */
export function listOf(part: object, key: string): unknown[] {
  const list = valueOf(part, key);
  return Array.isArray(list) ? list : [];
}

/** Members of an object; none of anything else. */
export function entriesOf(value: unknown): Array<[string, unknown]> {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

export function isFunction(value: unknown): value is (...args: never[]) => unknown {
  return typeof value === 'function';
}

export function isPositiveInteger(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

/** A name, or what stands in its place. */
export function label(value: unknown): string {
  return typeof value === 'string' ? value : String(value);
}

export function nameFault(what: string, name: unknown, form: RegExp, wanted: string): string[] {
  if (typeof name === 'string' && form.test(name)) return [];
  return [name === undefined ? `${what} is missing` : `${what} must consist of ${wanted}`];
}
