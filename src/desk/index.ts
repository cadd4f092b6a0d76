// Desks: the file a person writes, and the decider it becomes. Adding a line here is a decision.
export type { Cadence } from './cadence.ts';
export { everyBar, isDue } from './cadence.ts';
export type { DeskAgent, DeskParts } from './desk.ts';
export { createDesk } from './desk.ts';
export type { DeskFile, OpenDesk } from './desk-file.ts';
export { listDesks, readDesk, readDeskFile, resolveDesk } from './desk-file.ts';
export { deskTextSchema, unavailableFeatures } from './desk-schema.ts';
export type { AgentSpec, DeskSpec } from './desk-spec.ts';
