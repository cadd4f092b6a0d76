import type { Baseline, Metrics, RunDocument } from '../engine/index.ts';
import { withInterval } from './luck.ts';
import { absent, counted, drawdown, percent, percentChange, ratio } from './number.ts';

/** One line of the table of results. A cell is text; null means the figure does not exist for that column. */
export interface ResultRow {
  readonly label: string;
  /** What the figure says, for somebody who meets it for the first time. */
  readonly meaning: string;
  readonly run: string;
  /** Why `run` is "–", or why its value says little; else null. */
  readonly reason: string | null;
  readonly hold: string | null;
  readonly matched: string | null;
  /** The chief replaced by a vote; null in old runs too. */
  readonly vote: string | null;
}

const noEquity = 'no equity was left';

/** Why there are no daily statistics, where there are none. */
function withoutDays({ days, volatilityPct }: Metrics): string | null {
  if (days < 2) return 'under two days';
  return volatilityPct === null ? noEquity : null;
}

/** A month. Of fewer days the yearly figure is a number, and not more. */
const daysThatSayLittle = 30;

/** Under a month a ratio of daily returns, put on a year, can come to anything. */
export function fewDays({ days }: Pick<Metrics, 'days'>): string | null {
  return days < daysThatSayLittle ? `over ${counted(days, 'day')} only, which says little` : null;
}

/** The figures of a run beside its baselines, in the order of importance; read by terminal and report alike. */
export function resultRows(document: RunDocument): readonly ResultRow[] {
  return [...comparedRows(document), ...ownRows(document.metrics, document.trades)];
}

function comparedRows(document: RunDocument): readonly ResultRow[] {
  const { metrics, baselines } = document;
  const compared = (
    label: string,
    meaning: string,
    cell: (figures: Baseline) => string,
    reason: string,
  ): ResultRow => {
    const run = cell(metrics);
    const hold = cell(baselines.buyAndHold);
    const matched = cell(baselines.exposureMatched);
    const vote = baselines.vote === undefined ? null : cell(baselines.vote);
    return { label, meaning, run, hold, matched, vote, reason: run === absent ? reason : null };
  };
  const sharpe = compared(
    'sharpe',
    'daily return per unit of its ups and downs, a year; in brackets what 95 % of redrawn days leave open',
    (f) => (f === metrics ? withInterval(f.sharpe, document.evidence?.sharpe ?? null) : ratio(f.sharpe)),
    withoutDays(metrics) ?? 'the daily returns do not vary',
  );
  return [
    compared(
      'return',
      'gain or loss over the whole period, after costs',
      (f) => percentChange(f.returnPct),
      '',
    ),
    compared('max drawdown', 'the deepest fall from an earlier high', (f) => drawdown(f.maxDrawdownPct), ''),
    { ...sharpe, reason: sharpe.reason ?? fewDays(metrics) },
  ];
}

function ownRows(metrics: Metrics, trades: number): readonly ResultRow[] {
  const own = (label: string, meaning: string, run: string, reason: string): ResultRow => ({
    label,
    meaning,
    run,
    reason: run === absent ? reason : null,
    hold: null,
    matched: null,
    vote: null,
  });
  const noTrade = 'no trade was closed';
  const noLoss = trades === 0 ? noTrade : 'no trade lost';
  const noGrowth = metrics.returnPct <= -100 ? noEquity : 'under a year';
  return [
    own('cagr', 'growth a year, compounded', percentChange(metrics.cagrPct), noGrowth),
    own(
      'volatility',
      'size of the daily ups and downs, a year',
      percent(metrics.volatilityPct),
      withoutDays(metrics) ?? '',
    ),
    own(
      'sortino',
      'like sharpe, counting only the downs',
      ratio(metrics.sortino),
      withoutDays(metrics) ?? 'no losing day',
    ),
    own(
      'calmar',
      'growth a year per unit of the deepest fall',
      ratio(metrics.calmar),
      metrics.cagrPct === null ? noGrowth : 'no drawdown',
    ),
    own('win rate', 'share of closed trades that gained', percent(metrics.winRatePct), noTrade),
    own(
      'profit factor',
      'money gained by winners per money lost by losers',
      ratio(metrics.profitFactor),
      noLoss,
    ),
    own('exposure', 'share of bars with a position', percent(metrics.exposurePct), ''),
    own('turnover', 'value traded, in multiples of the mean equity', ratio(metrics.turnover), noEquity),
  ];
}
