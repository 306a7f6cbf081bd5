/** A text in which a parsed value stands. */
export interface JsonSource {
  text: string;
  /** Where the value begins. */
  start: number;
  /** Whether all numbers of the text would be written as they are after they were parsed. */
  numbersSurvive: boolean;
}

const sources = new WeakMap<object, JsonSource>();

/** Notes what a body was parsed from, for {@link takeSource}. */
export function noteSource(body: unknown, source: JsonSource): void {
  if (typeof body === 'object' && body !== null) sources.set(body, source);
}

/** What a body was parsed from. It is told once, so that the text does not stay in memory as long as the body. */
export function takeSource(body: object): JsonSource | undefined {
  const source = sources.get(body);
  sources.delete(body);
  return source;
}
