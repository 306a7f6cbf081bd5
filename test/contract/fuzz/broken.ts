import * as fc from 'fast-check';

/** Unusual values of all types, among them classic attack strings. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    '\u0000',
    '\ud800',
    'x'.repeat(3_000),
    '../../etc/passwd',
    "' OR 1=1 --",
    '%00',
    -1,
    0,
    1.5,
    2 ** 53,
    1e308,
    true,
    [],
    {},
    [[[[]]]],
    { $ref: '#' },
    { toString: 1 },
    { constructor: { prototype: {} } },
    JSON.parse('{"__proto__":{"admin":true}}'),
  ),
);

type Path = ReadonlyArray<string | number>;

/** A valid value with one part replaced, removed, duplicated or extended. */
export function broken(valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(valid, fc.nat(), junk, fc.constantFrom('replace', 'remove', 'add', 'double'), fc.string())
    .map(([value, place, other, how, key]) => {
      const copy: unknown = structuredClone(value);
      const paths = [...pathsOf(copy)];
      const path = paths[place % paths.length] ?? [];
      return change(copy, path, how, other, key);
    });
}

function change(value: unknown, path: Path, how: string, other: unknown, key: string): unknown {
  const last = path.at(-1);
  if (last === undefined) return how === 'replace' ? other : addTo(value, key, other);
  const holder = at(value, path.slice(0, -1));
  if (Array.isArray(holder) && typeof last === 'number') {
    if (how === 'remove') holder.splice(last, 1);
    else if (how === 'double') holder.push(holder[last]);
    else holder[last] = how === 'add' ? addTo(holder[last], key, other) : other;
  } else if (isRecord(holder)) {
    if (how === 'remove') delete holder[last];
    else define(holder, String(last), how === 'replace' ? other : addTo(holder[last], key, other));
  }
  return value;
}

function addTo(value: unknown, key: string, other: unknown): unknown {
  if (Array.isArray(value)) return [...value, other];
  if (!isRecord(value)) return [value, other];
  const copy = { ...value };
  define(copy, key, other);
  return copy;
}

/** Works for the key `__proto__` as well. */
function define(holder: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function* pathsOf(value: unknown, path: Path = []): Generator<Path> {
  yield path;
  if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) yield* pathsOf(inner, [...path, index]);
  } else if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) yield* pathsOf(inner, [...path, key]);
  }
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => (isRecord(inner) ? inner[step] : undefined), value);
}

function isRecord(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null;
}
