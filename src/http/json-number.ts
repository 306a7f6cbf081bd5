/** Maximum digits of a number before its decimal point, and after it, written without an exponent. */
export const MAX_DIGITS = 1000;

/** Characters of both sides, the sign, the point and the longest useful exponent. */
const LONGEST = 2 * MAX_DIGITS + 10;

/** Grammar of RFC 8259, section 6. */
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

interface Decimal {
  sign: string;
  whole: string;
  fraction: string;
  exponent: number;
}

/** Whether JSON.stringify restores the spelling that JSON.parse read. */
export function survivesParsing(token: string): boolean {
  return String(Number(token)) === token;
}

/** Whether JSON.parse changes the value of a number; `1.10` and `1.1` are equal. */
export function losesValue(token: string): boolean {
  const double = Number(token);
  return !Number.isFinite(double) || exactNumber(token) !== exactNumber(String(double));
}

/** Returns the same text for equal values: `11e-1` for `1.1`, `1.10` and `0.11E+1`; `0` for `-0.0`. */
export function exactNumber(token: string): string {
  const { sign, whole, fraction, exponent } = decimalOf(token);
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = withoutTrailingZeros(digits);
  if (significant === '') return '0';
  const scale = exponent - fraction.length + digits.length - significant.length;
  return `${sign}${significant}e${scale}`;
}

/** Whether a number has at most {@link MAX_DIGITS} digits on either side of its point when written out. */
export function hasFewDigits(token: string): boolean {
  // Fast path: a short token without an exponent always passes, a very long one never does.
  if (token.length > LONGEST) return false;
  if (token.length <= MAX_DIGITS && !/[eE]/.test(token)) return true;
  const { whole, fraction, exponent } = decimalOf(token);
  return whole.length + exponent <= MAX_DIGITS && fraction.length - exponent <= MAX_DIGITS;
}

/** Returns the nearest finite double, which is zero only if the number is. */
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

/** A regular expression would scan each run of zeros once per zero. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
