import type { Lines } from './lines.ts';
import type { Market } from './timeline.ts';

/** A line for want of which a strategy was never asked about an instrument. */
export interface SilentLine {
  readonly symbol: string;
  readonly line: string;
  /** Bars it takes to a first value; null where it has none at all. */
  readonly needed: number | null;
  /** Bars there are up to the end of the test. */
  readonly given: number;
}

/** The slowest line, where it leaves no bar to decide on: the first decision comes a bar after the first value. */
export function silentLine(lines: Lines, { instrument: { symbol }, from, to }: Market): SilentLine | null {
  const { name, first } = lines.slowest;
  if (from >= to || first === 0 || (first !== null && first + 1 < to)) return null;
  return { symbol, line: name, needed: first === null ? null : first + 1, given: to };
}

/** What a reader must know who wonders why nothing was traded. */
export function notesOnSilence({ silent }: { readonly silent: readonly SilentLine[] }): readonly string[] {
  return silent.map(({ symbol, line, needed, given }) => {
    const value = needed === null ? 'has no value' : `has its first value at bar ${needed}`;
    return `the strategy was never asked about ${symbol}: its line "${line}" ${value}, and there are ${given} bars`;
  });
}
