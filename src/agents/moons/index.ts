// Moons: calculators without a model. `families.ts` lists them. Adding a line here is a decision.
export type { Moon, MoonResult } from './moon.ts';
export type { Reading } from './moon-reader.ts';
export { createMoonReader } from './moon-reader.ts';
export { createMoonRunner } from './moon-runner.ts';
export { moonFamilies, moonUsage, parseMoon } from './parse-moon.ts';
