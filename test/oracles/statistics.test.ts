import { describe, expect, test } from 'vitest';
import { compatibleNames, compatibleStatistics } from '../../src/engine/statistics/index.ts';
import { type OracleCase, oracleCandles, oracleCases, oraclesSkipped, utcTime } from './oracle-cases.ts';

function recomputed({ data, first_next_bar, trades, equity }: OracleCase) {
  const { openTime, close } = oracleCandles(data);
  const column = (name: string) => Float64Array.from(trades[name] ?? [], Number);
  return compatibleStatistics({
    openTime,
    close,
    equity: Float64Array.from(equity),
    firstNextBar: first_next_bar,
    trades: {
      entryBar: column('EntryBar'),
      exitBar: column('ExitBar'),
      pnl: column('PnL'),
      commission: column('Commission'),
      returnFraction: column('ReturnPct'),
    },
  });
}

function expectedOf(name: string, value: number | string | null, sign: 1 | -1): number | null {
  if (typeof value === 'string') return utcTime(value);
  if (value === null) return null;
  // After a fall on the last bar alone, theirs gives the fall itself out as a duration.
  if (/DrawdownDuration/.test(name) && value < 1) return null;
  return value * sign + 0;
}

describe.skipIf(oraclesSkipped())('statistics agree with backtesting.py', () => {
  test.each(oracleCases.map((one) => [one.name, one] as const))('%s', (_, run) => {
    const statistics = recomputed(run);
    const known = new Set<string>(compatibleNames.map(({ oracle }) => oracle));
    expect(Object.keys(run.stats).filter((name) => !known.has(name))).toEqual([]);
    for (const { name, oracle, sign } of compatibleNames) {
      const theirs = run.stats[oracle];
      if (theirs === undefined) continue;
      const expected = expectedOf(name, theirs, sign);
      const exact = expected === null || expected === 0 || name.endsWith('Seconds');
      if (exact) expect(statistics[name], oracle).toBe(expected);
      else expect(Math.abs(statistics[name]! / expected - 1), oracle).toBeLessThan(1e-9);
    }
  });
});
