import { dayMs, type EpochMs, OrreryError } from '../core/index.ts';
import { firstBars } from './first-bars.ts';
import { walkForwardWindows } from './statistics/index.ts';
import { firstBarFrom, type Market } from './timeline.ts';

/** Whole calendar days, UTC. */
export interface WalkForwardDays {
  readonly train: number;
  readonly test: number;
  /** Between the two, belonging to neither. */
  readonly embargo: number;
}

/** The bars that open from `from` (inclusive) to `to` (exclusive). */
export interface Stretch {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export interface WalkForwardStretches {
  readonly train: Stretch;
  readonly test: Stretch;
}

/**
 * Windows over the range of the markets, from the first day with a bar on; days at the end that fill no test are left
 * out.
 * @throws OrreryError `range-empty` when the range is too short for one window
 */
export function walkForwardStretches(
  markets: readonly Market[],
  { train, test, embargo }: WalkForwardDays,
): readonly WalkForwardStretches[] {
  const { from, to } = reachOf(markets);
  const first = Math.floor(from / dayMs);
  const days = Math.ceil(to / dayMs) - first;
  const windows = walkForwardWindows(days, { train, test, embargo });
  if (windows.length === 0) {
    throw new OrreryError(
      'range-empty',
      `${days} days of candles hold no window of ${train} days to choose on, ${embargo} between and ${test} to test on`,
      { hint: 'Give more candles, or shorter windows: --walk-forward TRAIN:TEST[:EMBARGO] in days.' },
    );
  }
  const at = (day: number) => (first + day) * dayMs;
  return windows.map((window) => ({
    train: { from: at(window.train.from), to: at(window.train.to) },
    test: { from: at(window.test.from), to: at(window.test.to) },
  }));
}

/** What may be known within a stretch: bars after it are not there, bars before it warm up. */
export function marketsWithin(markets: readonly Market[], { from, to }: Stretch): readonly Market[] {
  return markets.map(({ instrument, series, from: start, to: end }) => {
    const known = Math.min(end, firstBarFrom(series, to));
    return {
      instrument,
      series: firstBars(series, known),
      from: Math.min(known, Math.max(start, firstBarFrom(series, from))),
      to: known,
    };
  });
}

/** From the open of the first bar in range to the close of the last. */
function reachOf(markets: readonly Market[]): Stretch {
  const traded = markets.filter((market) => market.from < market.to);
  return {
    from: Math.min(...traded.map(({ series, from }) => series.openTime[from]!)),
    to: Math.max(...traded.map(({ series, to }) => series.openTime[to - 1]! + series.intervalMs)),
  };
}
