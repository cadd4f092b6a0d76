import { asOrreryError } from '../core/index.ts';
import type { Backtest } from './backtest.ts';
import type { BacktestStatistics } from './backtest-document.ts';
import { dailyReturns } from './daily-returns.ts';
import { type TrackRecord, trackRecordOf } from './statistics/index.ts';
import type { Params } from './strategy.ts';

/** One combination: the figures of a single backtest with these parameters. Null where undefined, or where it failed. */
export interface SweepRow {
  readonly params: Params;
  readonly equityFinal: number | null;
  readonly returnPct: number | null;
  readonly trades: number | null;
  readonly sharpe: number | null;
  readonly maxDrawdownPct: number | null;
  readonly winRatePct: number | null;
  readonly fees: number | null;
  /** Orders the account could not pay for. */
  readonly refused: number | null;
  /** Why it failed; null when it did not. */
  readonly error: string | null;
}

/** What a combination came to, and what the evidence for the best of all needs of it. */
export interface SweepTrial {
  readonly row: SweepRow;
  /** Of the daily returns; null where they do not vary. */
  readonly record: TrackRecord | null;
  /** Daily returns; null where they were not kept. */
  readonly daily: Float64Array<ArrayBuffer> | null;
}

/** @param keepDaily whether the daily returns go with it */
export function trialOf(
  params: Params,
  test: Backtest,
  stats: BacktestStatistics,
  cash: number,
  keepDaily: boolean,
): SweepTrial {
  const { account, closedLots, refusedAt } = test.simulator;
  const daily = dailyReturns(test, cash);
  const { returnPct, sharpe, maxDrawdownPct, winRatePct } = stats;
  return {
    row: {
      params,
      equityFinal: test.equity[test.equity.length - 1] ?? cash,
      returnPct,
      trades: closedLots.length,
      sharpe,
      maxDrawdownPct,
      winRatePct,
      fees: account.fees,
      refused: refusedAt.length,
      error: null,
    },
    record: trackRecordOf(daily),
    daily: keepDaily ? daily : null,
  };
}

export function failedTrial(params: Params, thrown: unknown): SweepTrial {
  const nothing = {
    equityFinal: null,
    returnPct: null,
    trades: null,
    sharpe: null,
    maxDrawdownPct: null,
    winRatePct: null,
    fees: null,
    refused: null,
  };
  return { row: { params, ...nothing, error: asOrreryError(thrown).message }, record: null, daily: null };
}

/** Best first: by Sharpe, then by combination; where it is undefined after the others, what failed left out. */
export function ranked<Trial extends { readonly row: SweepRow }>(trials: readonly Trial[]): readonly Trial[] {
  const sharpeOf = ({ row }: Trial) => row.sharpe ?? Number.NEGATIVE_INFINITY;
  return trials
    .filter(({ row }) => row.error === null)
    .sort((one, other) => (sharpeOf(one) === sharpeOf(other) ? 0 : sharpeOf(other) - sharpeOf(one)));
}
