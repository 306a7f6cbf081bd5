/** Digits that a number may have before its decimal point, and as many behind it, without an exponent. */
export const MAX_DIGITS = 1000;

/** Characters of both sides, the sign, the point and an exponent of as many digits as could be of use. */
const LONGEST = 2 * MAX_DIGITS + 10;

/** The grammar of RFC 8259, section 6. */
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

interface Decimal {
  sign: string;
  whole: string;
  fraction: string;
  exponent: number;
}

/** Whether JSON.stringify writes a number as it was before JSON.parse. */
export function survivesParsing(token: string): boolean {
  return String(Number(token)) === token;
}

/** Whether a number is another one after JSON.parse; `1.10` and `1.1` are the same. */
export function losesValue(token: string): boolean {
  const double = Number(token);
  return !Number.isFinite(double) || exactNumber(token) !== exactNumber(String(double));
}

/** The same text for the same value: `11e-1` for `1.1`, `1.10` and `0.11E+1`; `0` for `-0.0`. */
export function exactNumber(token: string): string {
  const { sign, whole, fraction, exponent } = decimalOf(token);
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = withoutZerosBehind(digits);
  if (significant === '') return '0';
  const scale = exponent - fraction.length + digits.length - significant.length;
  return `${sign}${significant}e${scale}`;
}

/** Whether a number has no more than {@link MAX_DIGITS} on either side of its point when it is written out. */
export function hasFewDigits(token: string): boolean {
  // Whatever it is, a short one without an exponent has few, and one so long has not.
  if (token.length > LONGEST) return false;
  if (token.length <= MAX_DIGITS && !/[eE]/.test(token)) return true;
  const { whole, fraction, exponent } = decimalOf(token);
  return whole.length + exponent <= MAX_DIGITS && fraction.length - exponent <= MAX_DIGITS;
}

/** The double next to a number that is finite, and zero only where the number is. */
export function nearestDouble(token: string): number {
  const double = Number(token);
  if (!Number.isFinite(double)) return Math.sign(double) * Number.MAX_VALUE;
  if (double !== 0 || exactNumber(token) === '0') return double;
  return token.startsWith('-') ? -Number.MIN_VALUE : Number.MIN_VALUE;
}

function decimalOf(token: string): Decimal {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(token) ?? [];
  return { sign, whole, fraction, exponent: Number(exponent) };
}

/** A regular expression would look at each run of zeros once for every zero in it. */
function withoutZerosBehind(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
