/** Shown where a figure is undefined; the reason belongs beside it. Never "0", "NaN" or an empty cell. */
export const absent = '–';

const minus = '−';

/** From here on only the size of a number says something, and all its digits would fill a line. */
const countless = 1e15;

/**
 * Whole part grouped in thousands, sign as a true minus, exactly `decimals` places; a rounded zero has no sign. From
 * `most` on the exponent form: `1.23e+15`.
 */
function fixed(value: number, decimals: number, most = countless): string {
  const size = Math.abs(value);
  if (size >= most) return (value < 0 ? minus : '') + size.toExponential(2);
  const text = size.toFixed(decimals);
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  const sign = value < 0 && Number(text) !== 0 ? minus : '';
  return fraction === undefined ? sign + grouped : `${sign}${grouped}.${fraction}`;
}

function isAbsent(value: number | null): value is null {
  return value === null || !Number.isFinite(value);
}

/** Puts "+" before what is above zero, for changes and differences only. */
function withPlus(text: string, value: number): string {
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** A share or a level: `4.12 %`, `132.4 %`. Two decimals, one from 100 on, the exponent form from a billion on. */
export function percent(value: number | null): string {
  if (isAbsent(value)) return absent;
  return `${fixed(value, Math.abs(value) >= 99.995 ? 1 : 2, 1e9)} %`;
}

/** A gain or loss: `+4.12 %`, `−6.31 %`, `0.00 %`. */
export function percentChange(value: number | null): string {
  if (isAbsent(value)) return absent;
  return withPlus(percent(value), value);
}

/** A drawdown is kept positive and shown as the fall it is: 6.31 gives `−6.31 %`. */
export function drawdown(depthPct: number | null): string {
  return isAbsent(depthPct) ? absent : percent(-depthPct);
}

/** Sharpe, profit factor and the like: `0.81`. */
export function ratio(value: number | null): string {
  return isAbsent(value) ? absent : fixed(value, 2);
}

/** A count of things: `4,320`. */
export function count(value: number): string {
  return fixed(value, 0);
}

/** Confidence, coverage and scores between 0 and 1: `0.62`. */
export function share(value: number | null): string {
  return isAbsent(value) ? absent : fixed(value, 2);
}

/**
 * An amount to the cent, so that sums can be checked by eye: `10,412.30`. Below a cent it keeps two significant digits
 * (`0.0042`), because an amount that is not zero never reads 0.00.
 */
export function money(value: number | null): string {
  if (isAbsent(value)) return absent;
  const size = Math.abs(value);
  if (size === 0 || size >= 0.01) return fixed(value, 2);
  if (size < 1e-8) return value < 0 ? `> ${minus}0.00000001` : '< 0.00000001';
  return trimmed(value, 2);
}

/** A gain or loss in money: `+18.20`. */
export function moneyChange(value: number | null): string {
  return isAbsent(value) ? absent : withPlus(money(value), value);
}

/** What models cost: `$0.47`, `$0.0042`, `$0.00` only when it was nothing. */
export function usd(value: number | null): string {
  return isAbsent(value) ? absent : `$${money(value)}`;
}

/** For the ticks of an axis: as many decimals as `step` between ticks needs, so that no two read the same. */
export function axisLabel(value: number, step: number): string {
  const size = Math.abs(value);
  const [unit, name] =
    size >= 1e9 ? [1e9, 'B'] : size >= 1e6 ? [1e6, 'M'] : size >= 1e5 && step >= 1e3 ? [1e3, 'k'] : [1, ''];
  let decimals = 0;
  while (decimals < 12 && !nearlyWhole((step / unit) * 10 ** decimals)) decimals++;
  return fixed(value / unit, decimals) + name;
}

function nearlyWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 1e-6 * Math.max(1, Math.abs(value)) && value >= 0.5;
}

/**
 * A price by its size: two decimals from 10 on, four from 1 on, five significant digits below. One rule for every
 * surface, so that a list and its detail agree; candle files state no tick.
 */
export function price(value: number | null): string {
  if (isAbsent(value)) return absent;
  return fixed(value, priceDecimals(value));
}

function priceDecimals(value: number): number {
  const size = Math.abs(value);
  if (size >= 9.99995 || size === 0) return 2;
  // The least price that candles may have is 1e-18.
  return size >= 1 ? 4 : significantDecimals(size, 5, 22);
}

/** Units without trailing zeros, at most six significant digits but never fewer than its whole part: `12`, `0.0482`. */
export function quantity(value: number | null): string {
  if (isAbsent(value)) return absent;
  return trimmed(value, 6);
}

/** A number whose kind is not known better: up to six significant digits, trimmed. */
export function plainNumber(value: number | null): string {
  return isAbsent(value) ? absent : trimmed(value, 6);
}

function trimmed(value: number, digits: number): string {
  const text = fixed(value, Math.abs(value) >= 1e5 ? 0 : significantDecimals(Math.abs(value), digits));
  return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
}

/** Decimals that leave `digits` significant ones, at most `most`. */
function significantDecimals(size: number, digits: number, most = 12): number {
  if (size === 0) return 0;
  const magnitude = Math.floor(Math.log10(size));
  return Math.min(most, Math.max(0, digits - 1 - magnitude));
}

/** `1 trade`, `32 trades`. */
export function counted(amount: number, noun: string): string {
  return `${count(amount)} ${noun}${amount === 1 ? '' : 's'}`;
}
