const exactPowersOfTen = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
  1e20, 1e21, 1e22,
];
const zero = 0x30;
const point = 0x2e;
const plus = 0x2b;
const minus = 0x2d;

/**
 * The decimal number in `bytes[start, end)`, the same double that `Number` gives for the text; NaN for anything that is not
 * `[+-]digits[.digits][e[+-]digits]`, including empty text, `NaN`, `Infinity`, hexadecimal and thousands separators.
 * A mantissa up to 2^53 and at most 22 decimals need one correctly rounded division (Clinger, PLDI 1990), which is
 * what makes reading a large file quick; the rest is left to `Number`.
 */
export function readDecimal(bytes: Buffer, start: number, end: number): number {
  let position = start;
  const sign = bytes[position] === minus ? -1 : 1;
  if (position < end && (bytes[position] === minus || bytes[position] === plus)) position++;
  let mantissa = 0;
  let digits = 0;
  let decimals = 0;
  let seenPoint = false;
  for (; position < end; position++) {
    const code = bytes[position]!;
    const digit = code - zero;
    if (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      digits++;
      if (seenPoint) decimals++;
    } else if (code === point && !seenPoint) seenPoint = true;
    else break;
  }
  if (digits === 0) return Number.NaN;
  if (position < end && !isExponent(bytes, position, end)) return Number.NaN;
  const exact = position === end && decimals <= 22 && mantissa <= Number.MAX_SAFE_INTEGER;
  return exact
    ? (sign * mantissa) / exactPowersOfTen[decimals]!
    : Number(bytes.toString('latin1', start, end));
}

function isExponent(bytes: Buffer, start: number, end: number): boolean {
  if ((bytes[start]! | 0x20) !== 0x65) return false;
  const signed = bytes[start + 1] === minus || bytes[start + 1] === plus;
  const first = start + (signed ? 2 : 1);
  if (first >= end) return false;
  for (let position = first; position < end; position++) {
    const digit = bytes[position]! - zero;
    if (!(digit >= 0 && digit <= 9)) return false;
  }
  return true;
}
