const SPACE_BEFORE_STATUS = 8; // after "HTTP/1.1"
const LAST_DIGIT = 11;
const [CR, LF, DIGIT_0, DIGIT_1, DIGIT_2] = [0x0d, 0x0a, 0x30, 0x31, 0x32];

/**
 * Rewrites `100 Continue` in the heads of a response to `102 Processing`, which is equally harmless.
 *
 * A client must accept unsolicited interim responses (RFC 9110, 15.2), but undici closes the connection at a 100.
 * Changing one digit in place avoids buffering.
 */
export class InterimResponses {
  /** Position in a status line; -1 in the rest of an interim head. */
  #place = 0;
  #digits: number[] = [];
  /** Matched length of the end of the head: CR LF CR LF. */
  #ending = 0;
  #isOver = false;

  /** Resets the state before the first byte of a response. */
  begin(): void {
    this.#place = 0;
    this.#digits = [];
    this.#ending = 0;
    this.#isOver = false;
  }

  /** Scans the bytes of a connection as they arrive and changes them in place. */
  pass(bytes: Uint8Array): void {
    for (let index = 0; index < bytes.length && !this.#isOver; index += 1) {
      const byte = bytes[index] ?? 0;
      if (this.#place < 0) this.#inHead(byte);
      else if (this.#isHundred(byte)) bytes[index] = DIGIT_2;
    }
  }

  #isHundred(byte: number): boolean {
    // Parsers skip empty lines before a status line (RFC 9112, 2.2).
    if (this.#place === 0 && (byte === CR || byte === LF)) return false;
    const place = this.#place++;
    if (place > SPACE_BEFORE_STATUS) this.#digits.push(byte);
    if (place < LAST_DIGIT) return false;
    const [first, second, third] = this.#digits;
    this.begin();
    if (first !== DIGIT_1) this.#isOver = true;
    else this.#place = -1;
    return first === DIGIT_1 && second === DIGIT_0 && third === DIGIT_0;
  }

  #inHead(byte: number): void {
    const isNext = byte === (this.#ending % 2 === 0 ? CR : LF);
    this.#ending = isNext ? this.#ending + 1 : Number(byte === CR);
    if (this.#ending === 4) this.begin();
  }
}
