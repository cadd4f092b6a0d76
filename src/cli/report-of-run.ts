import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CandleSeries } from '../core/index.ts';
import { barCount, type Market, type RunDocument } from '../engine/index.ts';
import { type ReportData, renderReport } from '../report/index.ts';
import { baselineCurves, type RunView } from '../runs/index.ts';
import { makeStateFolder } from '../storage/index.ts';

/** What the report shows of a run as it stands; `document` is null until it ended. */
export function reportOf(view: RunView, document: RunDocument | null, alerts: readonly string[]): ReportData {
  const { settings, market, tally, portfolio } = view;
  const { hold, matched } = baselineCurves(view);
  const total = barCount(market.markets);
  return {
    title: settings.desk.name,
    synthetic: market.synthetic,
    document,
    progress: {
      done: tally.decisions,
      total,
      sources: tally.sources,
      fellBack: tally.fellBack,
      fellBackFor: tally.fellBackFor,
      answeredBy: view.answeredBy(),
      llm: view.usage(),
    },
    deskText: settings.desk.text,
    seed: settings.seed,
    version: settings.version,
    equity: tally.equity,
    baselines: [
      { name: 'buy-and-hold', equity: Float64Array.from(hold, (point) => point.equity) },
      { name: 'exposure-matched', equity: Float64Array.from(matched, (point) => point.equity) },
    ],
    candles: market.markets.map((one) => traded(one, tally.equity.at(-1)?.at ?? 0)),
    trades: tally.trades,
    orders: tally.orders,
    positions: portfolio.positions(),
    decisions: tally.explained(),
    decisionCount: tally.decisions,
    alerts,
  };
}

/** The candles of the run's stretch up to now: a report never shows what the desk has not seen yet. */
function traded({ series, from, to }: Market, now: number): CandleSeries {
  let end = to;
  while (end > from && series.openTime[end - 1]! + series.intervalMs > now) end--;
  const cut = (column: Float64Array) => column.subarray(from, end);
  return {
    symbol: series.symbol,
    intervalMs: series.intervalMs,
    length: end - from,
    openTime: cut(series.openTime),
    open: cut(series.open),
    high: cut(series.high),
    low: cut(series.low),
    close: cut(series.close),
    volume: cut(series.volume),
  };
}

/** Written beside and moved into place, so that nobody finds half a report. As private as the rest of the state. */
export function writeReport(path: string, data: ReportData): void {
  makeStateFolder(dirname(path));
  const part = `${path}.part`;
  rmSync(part, { force: true });
  writeFileSync(part, renderReport(data, { live: false }), { mode: 0o600 });
  renameSync(part, path);
}
