import type { ExitKind } from './order.ts';

/**
 * Ids of records can be written down before the record exists, so parallel agents need no shared counter and a
 * resumed run repeats them: `RUN.NUMBER` is the decision, `RUN.NUMBER.AGENT` an agent's signal,
 * `….AGENT.proposal` its proposal, `….AGENT.PROPOSER` a verdict on that planet's proposal.
 */
export function decisionId(run: string, number: number): string {
  return `${run}.${number}`;
}

export function signalId(run: string, number: number, agent: string): string {
  return `${run}.${number}.${agent}`;
}

export function proposalId(run: string, number: number, agent: string): string {
  return `${run}.${number}.${agent}.proposal`;
}

export function verdictId(run: string, number: number, agent: string, proposer: string): string {
  return `${run}.${number}.${agent}.${proposer}`;
}

/** The run of any record id. */
export function runOf(recordId: string): string {
  const dot = recordId.indexOf('.');
  return dot < 0 ? recordId : recordId.slice(0, dot);
}

export function orderId(run: string, number: number): string {
  return `${run}.${number}.order`;
}

/** The order that a position's stop becomes when it is reached; `opening` opened the position. */
export function stopOrderId(opening: string): string {
  return `${opening}.stop`;
}

/** The order that closes a position when no equity is left. */
export function liquidationOrderId(opening: string): string {
  return `${opening}.liquidation`;
}

/** What made an order close a position: a decision, the position's stop, or that no equity was left. */
export function exitKind(order: string): ExitKind {
  if (order.endsWith('.stop')) return 'stop';
  return order.endsWith('.liquidation') ? 'liquidation' : 'decision';
}
