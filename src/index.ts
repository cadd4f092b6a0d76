// What `orrery-desk` offers to programs. Adding a line here is a decision.
export { OrreryError } from './core/index.ts';
export type { RunDocument } from './engine/index.ts';
export type { Archive, Orrery, OrreryOptions, RunRequest } from './orrery.ts';
export { createOrrery } from './orrery.ts';
