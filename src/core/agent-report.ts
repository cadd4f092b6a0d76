import type { DecisionRecord } from './decision-record.ts';
import type { Missing } from './evidence.ts';

/**
 * What one agent hands on. An agent that cannot speak has no records and says what it lacked: silence is never
 * written down as HOLD.
 */
export interface AgentReport {
  readonly records: readonly DecisionRecord[];
  readonly missing: readonly Missing[];
}
