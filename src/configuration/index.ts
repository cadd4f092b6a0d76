// What a person set, found and checked once, at the edge. Adding a line here is a decision: parts take their slice, never the whole.
export type { Configuration, ConfigurationRequest } from './load-configuration.ts';
export { loadConfiguration } from './load-configuration.ts';
