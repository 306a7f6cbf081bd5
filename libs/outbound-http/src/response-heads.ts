/** Longer heads are passed on as they are; by default undici refuses them. */
const LONGEST_HEAD_BYTES = 16 * 1024;
const NOTHING = Buffer.alloc(0);

/** The beginning of a response, or of a part of it; parsers skip empty lines before it (RFC 9112, 2.2). */
const BEGINNING = /^[\r\n]*(?:HTTP\/|H(?:T(?:T(?:P)?)?)?$|$)/;
/** Line ends without CR, folded lines, and white space before a colon. */
const UNUSUAL = /(?<!\r)\n|\n[ \t]|\n[^:\r\n]*[ \t]:/;
const LENGTH = /\ncontent-length[ \t]*:/i;
const CODING = /\ntransfer-encoding[ \t]*:/i;
const INTERIM = /^[\r\n]*HTTP\/\d\.\d 1\d\d\b/;
const CONTINUE = /^([\r\n]*HTTP\/\d\.\d )100\b/;

/**
 * Puts the heads of responses in the form that the strict parser of undici accepts, where RFC 9110 and 9112 let a client
 * accept more, as curl and browsers do:
 *
 * - unsolicited `100 Continue` (RFC 9110, 15.2) becomes the equally harmless `102`: undici closes the connection at a 100;
 * - lines that end with LF alone (9112, 2.2), folded lines (5.2), white space before a colon (5.1);
 * - a length beside a transfer coding is ignored, and a length sent several times counts once if all are equal (6.3).
 *   What follows such a response on its connection is not trusted.
 */
export class ResponseHeads {
  #held: Buffer = NOTHING;
  #isOver = false;

  /** Resets the state before the first byte of a response. */
  begin(): void {
    this.#held = NOTHING;
    this.#isOver = false;
  }

  /**
   * Takes the bytes of a connection as they arrive.
   *
   * @returns the bytes for the parser; null while a head is incomplete
   */
  pass(bytes: Buffer): Buffer | null {
    if (this.#isOver) return bytes;
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    this.#held = NOTHING;
    const heads: Buffer[] = [];
    let isChanged = false;
    let read = 0;
    while (!this.#isOver) {
      const rest = all.subarray(read);
      const end = endOfHead(rest);
      if (end === undefined) {
        this.#isOver = rest.length > LONGEST_HEAD_BYTES || !BEGINNING.test(rest.toString('latin1', 0, 64));
        if (!this.#isOver) this.#held = rest;
        break;
      }
      const given = rest.subarray(0, end);
      const head = given.toString('latin1');
      const made = wellFormed(head, given);
      isChanged ||= made !== given;
      heads.push(made);
      read += end;
      this.#isOver = !INTERIM.test(head);
    }
    const last = all.length - this.#held.length;
    if (last === 0) return null;
    return isChanged ? Buffer.concat([...heads, all.subarray(read, last)]) : all.subarray(0, last);
  }
}

/** Length of the first head, including the empty line after it. */
function endOfHead(bytes: Buffer): number | undefined {
  // Empty lines before the status line do not end a head.
  let start = 0;
  while (bytes[start] === 0x0d || bytes[start] === 0x0a) start += 1;
  const ends = [bytes.indexOf('\n\r\n', start), bytes.indexOf('\n\n', start)].map((at, place) =>
    at < 0 ? Infinity : at + (place === 0 ? 3 : 2),
  );
  const end = Math.min(...ends);
  return end === Infinity ? undefined : end;
}

function wellFormed(head: string, bytes: Buffer): Buffer {
  const isContinue = CONTINUE.test(head);
  const hasLength = LENGTH.test(head);
  const isAmbiguous = hasLength && (CODING.test(head) || lengthsOf(head).length > 1);
  if (!isContinue && !isAmbiguous && !UNUSUAL.test(head)) return bytes;
  const text = head
    .replace(CONTINUE, '$1102')
    .replaceAll(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .map(withoutSpaceBeforeColon)
    .join('\r\n');
  return Buffer.from(isAmbiguous ? unambiguous(text) : text, 'latin1');
}

/** No regular expression: many spaces would take it quadratic time. */
function withoutSpaceBeforeColon(line: string, index: number): string {
  const colon = line.indexOf(':');
  return index === 0 || colon < 0 ? line : line.slice(0, colon).trimEnd() + line.slice(colon);
}

/** All values of Content-Length, which may also be sent as a list. */
function lengthsOf(head: string): string[] {
  return [...head.matchAll(/\ncontent-length[ \t]*:([^\r\n]*)/gi)].flatMap(([, values = '']) =>
    values.split(',').map((value) => value.trim()),
  );
}

/** Leaves different lengths to the parser, which refuses them. */
function unambiguous(head: string): string {
  const [length, ...others] = lengthsOf(head);
  const isCoded = CODING.test(head);
  if (!isCoded && others.some((other) => other !== length)) return head;
  const once = isCoded ? '' : `content-length: ${length}\r\n`;
  return head
    .replaceAll(/\r\ncontent-length:[^\r\n]*/gi, '')
    .replace(/\r\n\r\n$/, `\r\n${once}connection: close\r\n\r\n`);
}
