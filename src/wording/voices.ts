import type { DecisionRecord } from '../core/index.ts';

/** One planet at one bar: what it thinks and, when it would trade, what it proposes and how risk answered. */
export interface Voice {
  readonly agent: string;
  readonly signal: DecisionRecord | null;
  readonly proposal: DecisionRecord | null;
  readonly verdicts: readonly DecisionRecord[];
}

export interface Voices {
  /** Stand where the decision stands. */
  readonly for: readonly Voice[];
  /** Stand on the other side, or would be in the market where the decision is flat. */
  readonly against: readonly Voice[];
  /** Flat where the decision is not. */
  readonly undecided: readonly Voice[];
}

/** Sorts the records a decision rests on by whether they speak for it, in the order they were given. */
export function weighVoices(decision: DecisionRecord, records: readonly DecisionRecord[]): Voices {
  const result = { for: [] as Voice[], against: [] as Voice[], undecided: [] as Voice[] };
  for (const agent of new Set(records.filter(speaks).map((record) => record.agent))) {
    const own = records.filter((record) => record.agent === agent);
    const signal = own.find((record) => record.kind === 'signal') ?? null;
    const proposal = own.find((record) => record.kind === 'proposal') ?? null;
    const verdicts = records.filter((record) => record.kind === 'verdict' && proposerOf(record) === agent);
    const stance = (proposal ?? signal)?.stance;
    const side =
      stance === decision.stance ? result.for : stance === 'FLAT' ? result.undecided : result.against;
    side.push({ agent, signal, proposal, verdicts });
  }
  return result;
}

/** The planet whose proposal a verdict is about: the last part of its id. */
function proposerOf(verdict: DecisionRecord): string {
  return verdict.id.slice(verdict.id.lastIndexOf('.') + 1);
}

function speaks(record: DecisionRecord): boolean {
  return record.kind === 'signal' || record.kind === 'proposal';
}
