import { survivesParsing } from './json-number.js';
import { numbersOf, withoutSpace } from './json-scan.js';

/** The JSON text of an object. It may be much longer than the object, so it is examined only on demand. */
class FreeFormText {
  private known: { text: string; numbersSurvive: boolean } | undefined;

  constructor(
    private readonly sent: string,
    private readonly maxLength: number,
  ) {}

  get text(): string {
    return this.look().text;
  }

  /** Whether parsing and serializing preserves the spelling of every number. */
  get numbersSurvive(): boolean {
    return this.look().numbersSurvive;
  }

  private look(): { text: string; numbersSurvive: boolean } {
    // White space may be as long as a whole body; the kept text must not be.
    this.known ??= {
      text: this.sent.length > this.maxLength ? withoutSpace(this.sent) : this.sent,
      numbersSurvive: allSurvive(this.sent),
    };
    return this.known;
  }
}

const texts = new WeakMap<object, FreeFormText>();

/**
 * Keeps the JSON text of a client's object as long as the object exists.
 *
 * @param maxLength characters up to which the text keeps the white space between its tokens
 */
export function keepText(object: object, text: string, maxLength: number): void {
  texts.set(object, new FreeFormText(text, maxLength));
}

/** Returns the JSON of an object, as the client sent it if that text was kept. */
export function textOf(object: object): string {
  return texts.get(object)?.text ?? JSON.stringify(object);
}

/** Returns the JSON of an object if JSON.stringify would write some of its numbers differently, else undefined. */
export function exactTextOf(object: object): string | undefined {
  const kept = texts.get(object);
  return kept === undefined || kept.numbersSurvive ? undefined : kept.text;
}

function allSurvive(text: string): boolean {
  for (const token of numbersOf(text)) if (!survivesParsing(token)) return false;
  return true;
}
