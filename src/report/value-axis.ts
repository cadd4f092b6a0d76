import type { AxisTick } from './time-axis.ts';

/** The vertical axis of a pane: from the lowest to the highest value with a little air, and round numbers as ticks. */
export interface ValueAxis {
  readonly low: number;
  readonly high: number;
  /** 0 at the bottom … 1 at the top; values outside are held at the edge. */
  position(value: number): number;
  readonly ticks: readonly (AxisTick & { readonly value: number })[];
}

const air = 0.06;

/** Beyond it a span or a power of ten is no number any more; values out there are drawn at the edge. */
const mostValue = 1e300;
/** Under it no logarithm nor step is exact enough to go on from. */
const leastSpan = 1e-290;

function drawable(values: { readonly low: number; readonly high: number }): {
  readonly low: number;
  readonly high: number;
} {
  const held = (value: number) => Math.min(mostValue, Math.max(-mostValue, value));
  return { low: held(values.low), high: held(values.high) };
}

/** `label` is given the step between ticks, so that neighbours never read the same. */
export function createValueAxis(
  given: { readonly low: number; readonly high: number },
  label: (value: number, step: number) => string,
  options: { readonly ticks: number; readonly pinHigh?: boolean },
): ValueAxis {
  const values = drawable(given);
  const flat = values.high - values.low < Math.max(leastSpan, Math.abs(values.high) * 1e-9);
  const around = Math.abs(values.high) * 0.02;
  const span = flat ? (around > leastSpan ? around : 1) : values.high - values.low;
  const low = values.low - span * air;
  const high = options.pinHigh === true ? values.high : values.high + span * air;
  const position = (value: number) => Math.min(1, Math.max(0, (value - low) / (high - low)));
  const step = niceStep((high - low) / options.ticks);
  const first = Math.ceil(low / step);
  const amount = Math.max(0, Math.floor(high / step) - first + 1);
  const ticks = Array.from({ length: amount }, (_, index) => {
    const value = (first + index) * step;
    return { value, position: position(value), label: label(value, step) };
  });
  return { low, high, position, ticks };
}

/** From here on a linear scale would press the low part of a line flat. */
const logarithmicFrom = 5;

/** Whether values spread so far that equal steps should mean equal per cent. */
export function spreadsFar(given: { readonly low: number; readonly high: number }): boolean {
  const values = drawable(given);
  return values.low > 0 && values.high > leastSpan && values.high / values.low > logarithmicFrom;
}

/** As far as a log scale reaches below its top; an account that was all but lost lies at its lower edge. */
const mostDecades = 12;
const mostDecadeTicks = 8;

/** An axis on which equal distances are equal ratios; ticks at 1, 2 and 5 times powers of ten. Values are above zero. */
export function createLogAxis(
  given: { readonly low: number; readonly high: number },
  label: (value: number, step: number) => string,
): ValueAxis {
  const values = drawable(given);
  const lowest = Math.max(values.low, values.high / 10 ** mostDecades);
  const span = Math.log(values.high / lowest) * air;
  const low = lowest / Math.exp(span);
  const high = values.high * Math.exp(span);
  const position = (value: number) =>
    value <= low ? 0 : Math.min(1, Math.log(value / low) / Math.log(high / low));
  const ticks = [];
  const wide = high / low > 200;
  const apart = Math.max(1, Math.ceil(Math.log10(high / low) / mostDecadeTicks));
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power += apart) {
    for (const factor of wide ? [1] : [1, 2, 5]) {
      const value = factor * 10 ** power;
      if (value >= low && value <= high)
        ticks.push({ value, position: position(value), label: label(value, value) });
    }
  }
  return { low, high, position, ticks };
}

/** The next of 1, 2, 2.5, 5 × a power of ten. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((nice) => nice * power >= rough * 0.999) ?? 10;
  return factor * power;
}

/** Lowest and highest finite value; null when there is none. */
export function extent(
  ...columns: readonly ArrayLike<number>[]
): { readonly low: number; readonly high: number } | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const column of columns) {
    for (let index = 0; index < column.length; index++) {
      const value = column[index]!;
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? { low, high } : null;
}
