// The program as one object. Adding a line here is a decision: who wires parts does it in this folder.
export { createOrrery, type OrreryOptions } from './create-orrery.ts';
export type { KeyOrigin } from './keep-keys.ts';
export type { Orrery } from './orrery.ts';
export type { RunRequest } from './prepare-run.ts';
export type { Archive } from './read-archive.ts';
export type { StrategyRequest } from './test-strategies.ts';
