// Agents that depend on each other. Planning is pure; running is another file. Adding a line here is a decision.
export type { AgentNode, GraphProblem, Plan, PlannedAgent } from './plan-phases.ts';
export { findGraphProblem, planPhases } from './plan-phases.ts';
export type { AgentResult, EnsembleResult, RunAgent, RunOptions } from './run.ts';
export { runEnsemble } from './run.ts';
