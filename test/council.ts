import type {
  Action,
  AgentReport,
  CandleSeries,
  DecisionRecord,
  MissingReason,
  Position,
  Side,
} from '../src/core/index.ts';
import { closeTime, proposalId, verdictId } from '../src/core/index.ts';
import type { Heard, Situation } from '../src/engine/index.ts';
import { signalOf, situationAt } from './decisions.ts';

/** Bar `index` of a series, decided on flat with 10,000 in cash, but for what `fields` says. */
export function situationOn(series: CandleSeries, index: number, fields: Partial<Situation> = {}): Situation {
  const bar = {
    open: series.open[index]!,
    high: series.high[index]!,
    low: series.low[index]!,
    close: series.close[index]!,
    volume: series.volume[index]!,
  };
  return { ...situationAt(index, series.symbol), at: closeTime(series, index), bar, ...fields };
}

/** Units held at an entry of 100, short when negative. */
export function positionOf(quantity: number, stop: number | null = null): Position {
  return { instrument: 'A', quantity, stop, entry: 100, openedAt: 0, fees: 0, openedBy: 'r.1.order' };
}

export function voiceOf(
  situation: Situation,
  agent: string,
  action: Action,
  confidence: number,
  reasoning = `${agent} would ${action}`,
): DecisionRecord {
  return { ...signalOf(situation, agent, reasoning), action, confidence };
}

/** A long one's stop lies 3 below the close, a short one's 3 above, unless `fields` says otherwise. */
export function proposalOf(
  situation: Situation,
  agent: string,
  action: Side,
  fields: Partial<DecisionRecord> = {},
): DecisionRecord {
  return {
    ...voiceOf(situation, agent, action, 0.8),
    id: proposalId(situation.run, situation.number, agent),
    kind: 'proposal',
    stance: action === 'BUY' ? 'LONG' : 'SHORT',
    size: 10,
    sizePct: 10,
    stop: situation.bar.close + (action === 'BUY' ? -3 : 3),
    ...fields,
  };
}

export function verdictOn(
  situation: Situation,
  proposal: DecisionRecord,
  verdict: Partial<NonNullable<DecisionRecord['verdict']>> = {},
  agent = 'risk',
): DecisionRecord {
  return {
    ...signalOf(situation, agent),
    id: verdictId(situation.run, situation.number, agent, proposal.agent),
    kind: 'verdict',
    parents: [proposal.id],
    verdict: { approved: true, adjustedSize: null, riskScore: 0.2, warnings: [], ...verdict },
  };
}

/** What an agent handed on just now. */
export function heardFrom(
  agent: string,
  records: readonly DecisionRecord[],
  fields: Partial<Heard> = {},
): Heard {
  return { agent, report: { records, missing: [] }, required: true, ageBars: 0, ...fields };
}

/** An agent that lacked something and said nothing. */
export function silent(agent: string, name: string, reason: MissingReason, required = true): Heard {
  return heardFrom(agent, [], { report: { records: [], missing: [{ name, reason }] }, required });
}

/** An agent that failed. */
export function failed(agent: string, required = true): Heard {
  return heardFrom(agent, [], { report: null, required });
}

/** The report of an agent that answers by rules, which takes no time. */
export function atOnce(report: AgentReport | Promise<AgentReport>): AgentReport {
  if (report instanceof Promise) throw new Error('nobody should have had to wait');
  return report;
}
