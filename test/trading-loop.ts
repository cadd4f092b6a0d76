import { HistoricalClock, type OrderRequest } from '../src/core/index.ts';
import {
  type Checkpoint,
  type Conclusion,
  type Decider,
  type Market,
  runLoop,
  type Situation,
  type Step,
} from '../src/engine/index.ts';
import { type Costs, createSimulatedBroker, Guard, Portfolio } from '../src/trading/index.ts';
import { decisionOf } from './decisions.ts';
import { capital, limits } from './orders.ts';

/** Of every instrument. */
export const runCosts: Costs = { feeBps: 10, spreadBps: 2, slippageBps: 0 };

/** What to ask for at a bar; null holds. */
export type Ask = (situation: Situation) => Omit<OrderRequest, 'instrument'> | null;

export function conclude(situation: Situation, ask: Ask): Conclusion {
  const wanted = ask(situation);
  const request = wanted === null ? null : { instrument: situation.instrument.symbol, ...wanted };
  return { decision: decisionOf(situation, { reasoning: `bar ${situation.index}` }), voices: [], request };
}

/** Decides at once and remembers nothing. */
export const deciderOf = (ask: Ask): Decider => ({
  decide: (situation) => conclude(situation, ask),
  state: () => null,
});

/** Clock, broker, portfolio and guard of a new run, or of one that goes on. */
export function accountFor(markets: readonly Market[], from: Checkpoint | null = null) {
  const bySymbol = new Map(markets.map(({ instrument }) => [instrument.symbol, runCosts]));
  return {
    run: 'r',
    markets,
    clock: new HistoricalClock(from?.at ?? Number.NEGATIVE_INFINITY),
    broker: createSimulatedBroker(bySymbol, from?.broker ?? capital),
    portfolio: new Portfolio(from?.portfolio ?? capital),
    guard: new Guard(limits, from?.guard ?? capital),
    ...(from !== null && { resumeFrom: from }),
  };
}

/** Every step of a run from its start to its end. */
export async function stepsOf(markets: readonly Market[], decider: Decider): Promise<readonly Step[]> {
  const steps: Step[] = [];
  const onStep = (step: Step) => {
    steps.push(step);
  };
  await runLoop({ ...accountFor(markets), decider, onStep });
  return steps;
}

export const decisionsOf = (steps: readonly Step[]) =>
  steps.flatMap(({ records }) => records.filter(({ kind }) => kind === 'decision'));
