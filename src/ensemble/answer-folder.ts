import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isNestedDeeperThan } from '../core/index.ts';
import type { Answer } from './runner.ts';
import type { KeptAnswers } from './with-kept-answers.ts';

/** Beyond so many the oldest are forgotten. */
const mostAnswers = 2_000;
/** No agent says more. */
const mostBytes = 100_000_000;
const deepest = 1_000;

const answerShape = z.strictObject({
  output: z.json(),
  source: z.string().optional(),
  partial: z.literal(false).optional(),
  details: z.record(z.string(), z.json()).optional(),
});

/**
 * Answers of pure agents as files of a folder, which is made when the first is kept. What cannot be read or written is as if it were not
 * there: a cache must cost nobody an answer.
 */
export function createAnswerFolder(folder: string): KeptAnswers {
  let untilSweep = 0;
  return {
    async get(key) {
      try {
        const path = join(folder, `${key}.json`);
        const found = await stat(path);
        // Nobody waits for a pipe that somebody put here.
        if (!found.isFile() || found.size > mostBytes) return null;
        return keptAnswer(JSON.parse(await readFile(path, 'utf8')));
      } catch {
        return null;
      }
    },
    async put(key, answer) {
      const path = join(folder, `${key}.json`);
      const part = `${path}.${process.pid}.part`;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(part, JSON.stringify(answer), { mode: 0o600 });
        await rename(part, path);
        if (untilSweep-- <= 0) untilSweep = await sweep(folder);
      } catch {
        await rm(part, { force: true }).catch(() => undefined);
      }
    },
  };
}

/** What this program wrote, or nothing: a file that somebody changed must not pass for an answer. */
function keptAnswer(value: unknown): Answer | null {
  if (isNestedDeeperThan(deepest, value)) return null;
  const read = answerShape.safeParse(value);
  return read.success ? (read.data as Answer) : null;
}

/** Forgets the oldest. @returns how many may come before it has to be done again */
async function sweep(folder: string): Promise<number> {
  const names = await readdir(folder);
  const spare = mostAnswers - names.length;
  if (spare > 0) return spare;
  const aged = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
  );
  aged.sort((a, b) => a.at - b.at);
  const old = aged.slice(0, names.length - mostAnswers / 2);
  await Promise.all(old.map(({ name }) => rm(join(folder, name), { force: true })));
  return mostAnswers / 2;
}
