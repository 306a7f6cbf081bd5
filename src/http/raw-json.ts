import { randomUUID } from 'node:crypto';

/** Texts in the order in which they were met, each of which left the placeholder in its place. */
interface Collected {
  placeholder: string;
  texts: string[];
}

let collected: Collected | undefined;

/** A value whose JSON is there already, for {@link stringifyRaw}. */
export class RawJson {
  /** @param text valid JSON */
  constructor(readonly text: string) {}

  /** @throws Error in any other JSON.stringify, which could not write the text as it is */
  toJSON(): string {
    if (collected === undefined) throw new Error('RawJson is written by stringifyRaw() alone');
    collected.texts.push(this.text);
    return collected.placeholder;
  }
}

/** JSON.stringify, in which each {@link RawJson} is its text, byte for byte. Node has `JSON.rawJSON` from 22 on. */
export function stringifyRaw(value: object): string {
  // Nobody who wrote what is stringified here can have known it.
  const own: Collected = { placeholder: randomUUID(), texts: [] };
  collected = own;
  try {
    const [first = '', ...others] = JSON.stringify(value).split(`"${own.placeholder}"`);
    return others.reduce((whole, part, index) => `${whole}${own.texts[index]}${part}`, first);
  } finally {
    collected = undefined;
  }
}
