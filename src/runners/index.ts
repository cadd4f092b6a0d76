// What agents of an ensemble do that are programs, services, models or people. Adding a line here is a decision.
export { createHttpRunner } from './http-runner.ts';
export type { Ask } from './human-runner.ts';
export { createHumanRunner } from './human-runner.ts';
export type { LlmPorts } from './llm-runner.ts';
export { createLlmRunner } from './llm-runner.ts';
export { createModelRunner } from './model-runner.ts';
export { createScriptRunner } from './script-runner.ts';
