/** Documentation of a field, for the OpenAPI document, `docs/configuration.md` and the console. */
export interface FieldOptions<T> {
  /** One sentence, with the unit if there is one. */
  readonly description: string;
  readonly example: T;
  /**
   * Whether the results of items contain the fact; `true` by default. Otherwise only the library (`GET /api/v1/media`)
   * shows it.
   */
  readonly inStatus?: boolean;
}

/** A value that partners or operators see: its type for the compiler, its schema for documents, and its check. */
export interface Field<T> {
  /** JSON Schema (2020-12) with description and example. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Required form for error messages, such as `an integer`. */
  readonly wanted: string;
  /** Whether the value may be absent. */
  readonly isOptional: boolean;
  readonly inStatus: boolean;
  /** Whether a value is of this type. */
  readonly holds: (value: unknown) => value is T;
  /** Reads the text of an environment variable; unreadable text is returned unchanged, so that `holds` refuses it. */
  readonly parse: (text: string) => unknown;
}

/** Fields by name; their order is the order in which they are shown. */
export type Shape = Readonly<Record<string, Field<unknown>>>;

type OptionalKeys<S extends Shape> = {
  [K in keyof S]: undefined extends ValueOf<S[K]> ? K : never;
}[keyof S];
type ValueOf<F> = F extends Field<infer T> ? T : never;

/** The object that a shape describes. */
export type ShapeOf<S extends Shape> = { [K in Exclude<keyof S, OptionalKeys<S>>]: ValueOf<S[K]> } & {
  [K in OptionalKeys<S>]?: ValueOf<S[K]>;
};

/** PostgreSQL stores neither U+0000 nor half of a surrogate pair. */
const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.isWellFormed() && !value.includes('\0');
const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);
const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';

const asNumber = (text: string): unknown => (text.trim() === '' ? text : Number(text));
const FLAGS: Readonly<Record<string, boolean>> = { true: true, 1: true, false: false, 0: false };

/** A whole number from −(2⁵³ − 1) to 2⁵³ − 1. */
export function integer(options: FieldOptions<number>): Field<number> {
  return field({ type: 'integer' }, options, { wanted: 'an integer', holds: isInteger, parse: asNumber });
}

/** A finite number. */
export function number(options: FieldOptions<number>): Field<number> {
  return field({ type: 'number' }, options, { wanted: 'a number', holds: isNumber, parse: asNumber });
}

/** A text without U+0000. */
export function text(options: FieldOptions<string>): Field<string> {
  return field({ type: 'string' }, options, { wanted: 'a string', holds: isText, parse: (given) => given });
}

/** `true` or `false`; in the environment also `1` and `0`. */
export function flag(options: FieldOptions<boolean>): Field<boolean> {
  return field({ type: 'boolean' }, options, {
    wanted: 'true or false',
    holds: isFlag,
    parse: (given) => FLAGS[given] ?? given,
  });
}

/** One of these texts. */
export function choice<const T extends string>(
  values: readonly [T, ...T[]],
  options: FieldOptions<NoInfer<T>>,
): Field<T> {
  const known: ReadonlySet<unknown> = new Set(values);
  return field({ type: 'string', enum: values }, options, {
    wanted: `one of ${values.join(', ')}`,
    holds: (value): value is T => known.has(value),
    parse: (given) => given,
  });
}

/** A field that may be null, for files that do not declare the value. */
export function nullable<T>(inner: Field<T>): Field<T | null> {
  const { type, enum: values } = inner.schema;
  return {
    ...inner,
    schema: {
      ...inner.schema,
      type: [type, 'null'],
      ...(Array.isArray(values) && { enum: [...values, null] }),
    },
    wanted: `${inner.wanted} or null`,
    holds: (value): value is T | null => value === null || inner.holds(value),
  };
}

/** A field of an item, or a setting, that may be absent. */
export function optional<T>(inner: Field<T>): Field<T | undefined> {
  return {
    ...inner,
    isOptional: true,
    holds: (value): value is T | undefined => value === undefined || inner.holds(value),
  };
}

/** Names of fields that are missing or of another type, and of values that the shape does not have. */
export function faultyFields(shape: Shape, value: object): string[] {
  const given = new Map<string, unknown>(Object.entries(value));
  const faulty = Object.entries(shape).flatMap(([name, { holds }]) => (holds(given.get(name)) ? [] : [name]));
  const unknown = [...given.keys()].filter((name) => !Object.hasOwn(shape, name));
  return [...faulty, ...unknown];
}

function field<T>(
  type: Readonly<Record<string, unknown>>,
  { description, example, inStatus = true }: FieldOptions<T>,
  check: Pick<Field<T>, 'wanted' | 'holds' | 'parse'>,
): Field<T> {
  return { schema: { ...type, description, example }, isOptional: false, inStatus, ...check };
}
