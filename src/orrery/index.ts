// The program as one object. Adding a line here is a decision: who wires parts does it in this folder.
export { createOrrery } from './create-orrery.ts';
export { editorSchemas } from './editor-schemas.ts';
export type { InvocationFolder } from './invocation-folder.ts';
export type { CheckedEnsemble, Invocation, InvocationOptions, ListedEnsemble } from './invoke-ensembles.ts';
export type { KeyOrigin } from './keep-keys.ts';
export type { Orrery } from './orrery.ts';
export type { OrreryOptions } from './orrery-options.ts';
export type { RunRequest } from './prepare-run.ts';
export type { Archive } from './read-archive.ts';
export type { EnsembleCallOptions } from './run-ensemble-once.ts';
export { runEnsembleOnce } from './run-ensemble-once.ts';
export type { StrategyRequest } from './test-strategies.ts';
export { type AskedRun, type AskedTest, runRequest, strategyRequest } from './whole-requests.ts';
