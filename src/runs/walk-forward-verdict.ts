import {
  type Backtest,
  barCount,
  baselineOf,
  type Curve,
  chained,
  chainedCurve,
  curveOf,
  dailyReturns,
  type Evidence,
  evidenceOf,
  holdOf,
  intervalOf,
  marketsWithin,
  periodsPerYear,
  trackRecordOf,
  type WalkForwardDays,
  type WalkForwardDocument,
  type WalkForwardStretches,
} from '../engine/index.ts';
import {
  againstHoldSentence,
  idleSentence,
  luckVerdict,
  mostlyOutSentence,
  trackRecordSentence,
  untestedSentence,
} from '../wording/index.ts';
import { evidenceSeed, variantOf } from './strategy-backtest.ts';
import type { OpenSweep, SweepRequest } from './sweep.ts';
import { dataKey, type TrialsLog } from './trials-log.ts';

/** A walk-forward that was played; windows and their tests, oldest first, at least one. */
export interface PlayedWindows {
  readonly request: SweepRequest;
  readonly days: WalkForwardDays;
  readonly opened: OpenSweep;
  readonly windows: readonly WalkForwardStretches[];
  readonly tests: readonly Backtest[];
}

type Verdict = Pick<
  WalkForwardDocument,
  'outOfSample' | 'baselines' | 'evidence' | 'idleWindows' | 'untestedBars' | 'words'
>;

/** What the tests came to one after the other, beside holding, and in how far that can be told from luck. */
export function verdictOn(played: PlayedWindows, log: TrialsLog): Verdict {
  const { request, opened, windows, tests } = played;
  const { markets, settings } = opened.job;
  const { cash } = settings;
  const ended = windows.at(-1)!.test.to;
  const curve = chainedCurve(tests, cash);
  // Tests adjoin each other, so holding is bought once and not at every window.
  const tested = marketsWithin(markets, { from: windows[0]!.test.from, to: ended });
  const hold = holdOf(tested, curve.openedAt, settings);
  const outOfSample = chained(tests, curve, cash);
  const evidence = request.compat
    ? null
    : evidenceOf({
        returns: dailyReturns(curve, cash),
        hold: dailyReturns(curveOf(hold, intervalOf(tested)), cash),
        periodsPerYear: periodsPerYear(tested),
        trades: outOfSample.trades,
        trials: noteWalkForward(played, curve, log),
        seed: evidenceSeed,
      });
  const idleWindows = tests.filter(({ barsHeld, closed }) => barsHeld === 0 && closed.length === 0).length;
  const idle = idleSentence(idleWindows, tests.length);
  const untested = marketsWithin(markets, { from: ended, to: Number.POSITIVE_INFINITY });
  const untestedBars = barCount(untested);
  return {
    outOfSample,
    baselines: { buyAndHold: baselineOf(cash, hold, tested) },
    evidence,
    idleWindows,
    untestedBars,
    words: { ...inWords(evidence, shareHeld(tests)), idle, untested: untestedSentence(untestedBars, ended) },
  };
}

/** Share of all bars tested at whose close something was held. */
function shareHeld(tests: readonly Backtest[]): number {
  const held = tests.reduce((sum, { barsHeld }) => sum + barsHeld, 0);
  return held / tests.reduce((sum, { markets }) => sum + barCount(markets), 0);
}

function inWords(
  evidence: Evidence | null,
  held: number,
): Omit<WalkForwardDocument['words'], 'idle' | 'untested'> {
  if (evidence === null) return { verdict: null, againstHold: null, trackRecord: null };
  return {
    verdict: luckVerdict(evidence, null).sentence + mostlyOutSentence(held),
    againstHold: againstHoldSentence(evidence),
    trackRecord: trackRecordSentence(evidence),
  };
}

/** The choices of all windows make one variant: none of them saw the days it is judged on. */
function noteWalkForward({ request, days, opened }: PlayedWindows, curve: Curve, log: TrialsLog) {
  const { head, job } = opened;
  const record = trackRecordOf(dailyReturns(curve, job.settings.cash));
  if (record === null) return null;
  const tried = { ...request.params, swept: request.ranges, walkForward: days };
  const variant = variantOf(request, head, tried);
  return log.note(dataKey(job.markets), [{ variant, sharpe: record.sharpe }]);
}
