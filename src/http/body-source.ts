/** The JSON text that contains a parsed value. */
export interface JsonSource {
  text: string;
  /** Offset of the value, in characters. */
  start: number;
  /** Whether parsing and serializing preserves the spelling of every number in the text. */
  numbersSurvive: boolean;
}

const sources = new WeakMap<object, JsonSource>();

/** Stores the source text of a body for {@link takeSource}. */
export function noteSource(body: unknown, source: JsonSource): void {
  if (typeof body === 'object' && body !== null) sources.set(body, source);
}

/** Returns the source text of a body once and forgets it, so that the text does not stay in memory with the body. */
export function takeSource(body: object): JsonSource | undefined {
  const source = sources.get(body);
  sources.delete(body);
  return source;
}
