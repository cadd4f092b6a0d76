// Sun, planets and moons. Adding a line here is a decision: the composition root creates agents, nobody else knows their kinds.
export type { AgentParts, AgentSettings } from './create-agent.ts';
export { checkAgents, createAgent, createSilentAgent, isPlayable } from './create-agent.ts';
export type { ModelMind, ModelUsage } from './model-mind.ts';
export { createModelMind, noUsage } from './model-mind.ts';
export { createMoonRunner, parseMoon } from './moons/index.ts';
export type { Observations } from './observations.ts';
export { createObservations } from './observations.ts';
export { planOrder } from './planets/execution.ts';
export { asksModel } from './planets/planet.ts';
export type { Prompt, PromptTexts } from './prompt.ts';
export { readPrompt, renderPrompt } from './prompt.ts';
export type { Asker } from './stand-in-question.ts';
export { standInQuestion, standInRepair } from './stand-in-question.ts';
export { createChief, modelRungs } from './sun/chief.ts';
export { holdDecision } from './sun/hold-decision.ts';
