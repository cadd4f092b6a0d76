import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import type { z } from 'zod';
import { beginCommand, type Command, type Ended, endCommands } from './command.ts';
import { type ErrorDocument, errorDocument } from './documents.ts';
import { carryOut, endResident } from './resident.ts';

/** A folder of its own, as on a stranger's machine: state, working directory and settings, and no other environment. */
export interface Workplace {
  readonly home: string;
  /** Writes a file and gives its path. */
  write(name: string, content: string | Uint8Array): string;
  /** Starts it in a process of its own. */
  begin(...words: readonly string[]): Command;
  run(...words: readonly string[]): Promise<Ended>;
  /** Runs with this on stdin, which is empty otherwise. */
  runWithInput(input: string, ...words: readonly string[]): Promise<Ended>;
  /** Runs in a shell, with what stands after the command: `2>/dev/full`, `| head -1`. */
  runInShell(after: string, ...words: readonly string[]): Promise<Ended>;
  /** Runs with `--json`, expects exit 0 and exactly one document of that shape on stdout. */
  json<Shape extends z.ZodType>(shape: Shape, ...words: readonly string[]): Promise<z.infer<Shape>>;
  /** Runs with `--json` and expects an error document. */
  refusal(
    ...words: readonly string[]
  ): Promise<{ readonly exitCode: number | null; readonly error: ErrorDocument }>;
}

const folders: string[] = [];

afterAll(async () => {
  await endCommands();
  endResident();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * Removed after the tests of the file.
 * @param processes `each`: every command has its own process, as it must where that is what is tested, and where a
 *   strategy of one's own is run, which may do anything to it; `shared`: where `begin` does not say otherwise, commands
 *   are carried out one after another by one that is there already, which takes a third of the time
 */
export function openWorkplace(
  environment: { readonly [name: string]: string } = {},
  processes: 'shared' | 'each' = 'shared',
): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-e2e-'));
  folders.push(folder);
  const home = join(folder, 'home');
  const cwd = join(folder, 'work');
  mkdirSync(cwd);
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    XDG_CONFIG_HOME: join(folder, 'config'),
    ORRERY_HOME: home,
    ...environment,
  };
  const surroundings = { cwd, env };
  const begin = (...words: readonly string[]) => beginCommand(words, surroundings);
  const run = (...words: readonly string[]) =>
    processes === 'each' ? begin(...words).ended : carryOut(words, surroundings);
  return {
    home,
    write(name, content) {
      const path = join(cwd, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    begin,
    run,
    runWithInput: (input, ...words) => beginCommand(words, surroundings, { input }).ended,
    runInShell: (after, ...words) => beginCommand(words, surroundings, { after }).ended,
    async json(shape, ...words) {
      const { exitCode, stdout, stderr } = await run(...words, '--json');
      if (exitCode !== 0) throw new Error(`orrery ${words.join(' ')}: exit ${exitCode}\n${stdout}${stderr}`);
      return shape.parse(JSON.parse(stdout));
    },
    async refusal(...words) {
      const { exitCode, stdout } = await run(...words, '--json');
      return { exitCode, error: errorDocument.parse(JSON.parse(stdout)).error };
    },
  };
}
