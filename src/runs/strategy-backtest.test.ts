import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { dailyEquities, describeOnRealData } from '../../test/e2e/real-data.ts';
import { shippedStrategies } from '../strategies/index.ts';
import { type BacktestRequest, backtestStrategy } from './strategy-backtest.ts';
import { openTrialsLog } from './trials-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-backtest-'));
afterAll(() => rmSync(folder, { recursive: true }));
const log = openTrialsLog(folder);

function requestOf(changed: Partial<BacktestRequest> = {}): BacktestRequest {
  const code = shippedStrategies.get('sma-cross')!;
  return {
    strategy: { name: 'sma-cross', key: 'sma-cross', code },
    params: { ...code.params, size: 10 },
    files: [{ symbol: 'AAPL', file: dailyEquities[0]!, format: null }],
    ...{ from: null, to: null, cash: 10_000, commission: 0, spread: 0, margin: 1 },
    ...{ slippage: 0, volumeShare: null, borrow: 0, fractional: false, tradeOnClose: false },
    ...{ hedging: false, exclusive: false, finalize: false, compat: false },
    ...{ factors: [], funding: [], monteCarlo: null, withTrades: true },
    ...changed,
  };
}

const backtest = (changed: Partial<BacktestRequest>) => backtestStrategy(requestOf(changed), log);

describeOnRealData('on Apple', () => {
  test.each([false, true])(
    'a negative commission is credited as a positive one is charged: compat %s',
    async (compat) => {
      const [none, charged, credited] = await Promise.all(
        [0, 0.001, -0.001].map((commission) => backtest({ compat, commission })),
      );
      expect(none!.trades).toBeGreaterThan(20);
      expect([charged!.trades, credited!.trades]).toEqual([none!.trades, none!.trades]);
      expect(charged!.fees).toBeGreaterThan(10);
      expect(credited!.fees).toBeCloseTo(-charged!.fees, 6);
      expect(credited!.equityFinal).toBeCloseTo(none!.equityFinal - credited!.fees, 6);
      expect(credited!.tradeList!.every(({ fees }) => fees < 0)).toBe(true);
    },
  );

  test('slippage costs the strategy, more so under stress, and holding', async () => {
    const [none, slipped] = await Promise.all([0, 0.002].map((slippage) => backtest({ slippage })));
    const { stress, baselines } = slipped!.honesty!;
    const lost = (returnPct: number) => none!.stats.returnPct! - returnPct;
    const once = lost(slipped!.stats.returnPct!);
    expect(once).toBeGreaterThan(0.1);
    // The same ten units each time: what is lost grows as slippage does.
    expect(lost(stress.doubleCostsPct)).toBeCloseTo(2 * once, 6);
    expect(lost(stress.fiveFoldCostsPct)).toBeCloseTo(5 * once, 6);
    const held = 1 + none!.honesty!.baselines.buyAndHold.returnPct / 100;
    expect(baselines.buyAndHold.returnPct).toBeCloseTo((held / 1.002 - 1) * 100, 9);
  });

  test.each<readonly [Partial<BacktestRequest>, string]>([
    [{ slippage: 0.001 }, '--compat knows no slippage'],
    [{ fractional: true }, '--compat trades whole units, and --fractional parts of them'],
  ])('what backtesting.py does not know is refused: %o', async (changed, message) => {
    await expect(backtest({ ...changed, compat: true })).rejects.toMatchObject({
      code: 'usage-invalid',
      message,
    });
  });

  test.each([false, true])('a line that never has a value is told: compat %s', async (compat) => {
    const { notes, trades } = await backtest({ compat, params: { fast: 10, slow: 5_000, size: 0 } });
    expect(trades).toBe(0);
    expect(notes).toContainEqual(
      expect.stringMatching(
        /^the strategy was never asked about AAPL: its line "slow" .* bar 5000, and there are 1318 bars$/,
      ),
    );
  });

  test.each([-3, 0, 2.5, 1e-7])('a period of %d is told in one line', async (fast) => {
    await expect(backtest({ params: { fast, slow: 30, size: 0 } })).rejects.toMatchObject({
      code: 'strategy-invalid',
      message: `line "fast": the numbers in the indicator "sma-${fast}" are not valid. Write sma-PERIOD with PERIOD a whole number from 1 to 10000.`,
    });
  });
});
