import { survivesParsing } from './json-number.js';
import { numbersOf, withoutSpace } from './json-scan.js';

/** The JSON that an object was parsed from. It may be much longer than the object, so it is looked at only when asked. */
class FreeFormText {
  private known: { text: string; numbersSurvive: boolean } | undefined;

  constructor(
    private readonly sent: string,
    private readonly maxLength: number,
  ) {}

  get text(): string {
    return this.look().text;
  }

  /** Whether all numbers would be written as they are after they were parsed. */
  get numbersSurvive(): boolean {
    return this.look().numbersSurvive;
  }

  private look(): { text: string; numbersSurvive: boolean } {
    // White space may be as long as a body; what is kept is not.
    this.known ??= {
      text: this.sent.length > this.maxLength ? withoutSpace(this.sent) : this.sent,
      numbersSurvive: allSurvive(this.sent),
    };
    return this.known;
  }
}

const texts = new WeakMap<object, FreeFormText>();

/**
 * Keeps the JSON that an object of the client was parsed from, as long as there is the object.
 *
 * @param maxLength characters up to which it is kept with the white space between its tokens
 */
export function keepText(object: object, text: string, maxLength: number): void {
  texts.set(object, new FreeFormText(text, maxLength));
}

/** The JSON of an object, as the client sent it where that was kept. */
export function textOf(object: object): string {
  return texts.get(object)?.text ?? JSON.stringify(object);
}

/** The JSON of an object with numbers that JSON.stringify would write differently; undefined where it has none. */
export function exactTextOf(object: object): string | undefined {
  const kept = texts.get(object);
  return kept === undefined || kept.numbersSurvive ? undefined : kept.text;
}

function allSurvive(text: string): boolean {
  for (const token of numbersOf(text)) if (!survivesParsing(token)) return false;
  return true;
}
