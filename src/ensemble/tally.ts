import { type AgentCost, addAgentCost, noAgentCost } from './agent-cost.ts';

/** What each agent took so far, failed and repeated tries included. */
export class Tally {
  readonly #costs = new Map<string, AgentCost>();

  add(agent: string, cost: AgentCost): void {
    this.#costs.set(agent, addAgentCost(this.of(agent), cost));
  }

  of(agent: string): AgentCost {
    return this.#costs.get(agent) ?? noAgentCost;
  }

  total(): AgentCost {
    return [...this.#costs.values()].reduce(addAgentCost, noAgentCost);
  }
}
