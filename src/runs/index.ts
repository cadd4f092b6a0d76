// Runs: started, resumed, replayed, and looked at while they go on. Adding a line here is a decision.
export { profilesOf } from './assemble-desk.ts';
export { baselineCurves } from './conclude-run.ts';
export type { RunView } from './drive-run.ts';
export type { OpenMarket } from './open-market.ts';
export { openMarket } from './open-market.ts';
export type { NewRun, RunEnding, RunPorts, RunWatch } from './perform-run.ts';
export { replayRun, resumeRun, startRun } from './perform-run.ts';
export { checkRunId, newRunId } from './run-id.ts';
export type { FileData, MarketData, MarketRequest, RunSettings, SyntheticData } from './run-settings.ts';
