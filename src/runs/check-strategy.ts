import { type CheckDocument, checkDocument, checkStrategy, drawnFrom } from '../engine/index.ts';
import { findOddIntervals } from './check-intervals.ts';
import { findSplits } from './check-splits.ts';
import { type BacktestRequest, openTested } from './strategy-backtest.ts';

/**
 * Checks what a backtest of the same request would test, each instrument by itself.
 * @throws OrreryError what reading candles throws, `strategy-invalid`
 */
export async function checkStrategyOnFiles(request: BacktestRequest): Promise<CheckDocument> {
  const { strategy, params, files } = request;
  const { market, settings, head } = await openTested(request);
  const played = { strategy: strategy.code, params, settings };
  const results = [];
  for (const one of market.markets) {
    if (one.from >= one.to) continue;
    const { findings, compared } = checkStrategy(played, one);
    const file = files.find(({ symbol }) => symbol === one.instrument.symbol);
    const odd = file === undefined ? [] : await findOddIntervals(one, file);
    const splits = findSplits({
      ...one,
      series: drawnFrom(one.series, settings.terms.get(one.instrument.symbol)!),
    });
    results.push({ findings: [...findings, ...odd, ...splits], compared });
  }
  const { instruments, bars } = head;
  return checkDocument({ name: strategy.name, kind: 'strategy', instruments, bars }, results);
}
