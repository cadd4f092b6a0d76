import type { AgentReport, DecisionRecord } from '../core/index.ts';
import type { Situation } from './decider.ts';

/** What an agent has heard from one it depends on. */
export interface Heard {
  readonly agent: string;
  /** Null when that agent failed or was skipped. */
  readonly report: AgentReport | null;
  /** The desk cannot decide without this agent. */
  readonly required: boolean;
  /** Bars since the report was made; 0 is now. */
  readonly ageBars: number;
}

/**
 * One agent of a desk at one bar close. Throws (or rejects) an OrreryError when it cannot answer by any of its means;
 * that failure is data for those who listen.
 */
export type Agent = (situation: Situation, heard: readonly Heard[]) => AgentReport | Promise<AgentReport>;

export function recordsOf(heard: readonly Heard[], kind: DecisionRecord['kind']): readonly DecisionRecord[] {
  return heard.flatMap(({ report }) => report?.records.filter((record) => record.kind === kind) ?? []);
}
