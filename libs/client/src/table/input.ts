/** Labels of the Encoding standard, https://encoding.spec.whatwg.org. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** A list that can be read several times. */
export interface TableInput {
  /** As given; its extension may say the format. */
  readonly name: string;
  readonly encoding: Encoding;
  readonly hasBom: boolean;
  /** Decoded text in chunks, without the byte order mark. */
  text(): AsyncIterable<string>;
}
