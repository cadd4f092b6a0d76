import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PromptTexts } from '../src/agents/index.ts';

const folder = join(import.meta.dirname, '../prompts');

/** The prompt files and schemas as they are shipped, by file name. */
export const shippedPrompts: PromptTexts = Object.fromEntries(
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
);
