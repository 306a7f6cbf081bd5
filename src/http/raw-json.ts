import { randomUUID } from 'node:crypto';

/** Texts in the order of serialization; each left the placeholder in its position. */
interface Collected {
  placeholder: string;
  texts: string[];
}

let collected: Collected | undefined;

/** A value with ready-made JSON, for {@link stringifyRaw}. */
export class RawJson {
  /** @param text valid JSON */
  constructor(readonly text: string) {}

  /** @throws Error outside of {@link stringifyRaw}: JSON.stringify could not write the text verbatim */
  toJSON(): string {
    if (collected === undefined) throw new Error('Only stringifyRaw() can serialize RawJson');
    collected.texts.push(this.text);
    return collected.placeholder;
  }
}

/**
 * JSON.stringify that writes each {@link RawJson} verbatim, byte for byte. Node has `JSON.rawJSON` from version 22 on.
 */
export function stringifyRaw(value: object): string {
  // Unpredictable, so that no serialized value can contain it.
  const own: Collected = { placeholder: randomUUID(), texts: [] };
  collected = own;
  try {
    const [first = '', ...others] = JSON.stringify(value).split(`"${own.placeholder}"`);
    return others.reduce((whole, part, index) => `${whole}${own.texts[index]}${part}`, first);
  } finally {
    collected = undefined;
  }
}
