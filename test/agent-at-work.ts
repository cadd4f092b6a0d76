import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JsonValue, OrreryError } from '../src/core/index.ts';
import { Deadlines } from '../src/ensemble/deadlines.ts';
import { inputOf, type Runner, type Scope, type Turn, type Work } from '../src/ensemble/index.ts';

/** A folder with these files, in which agents of an ensemble are prepared. To be removed. */
export function openAgentFolder(written: { readonly [name: string]: string | Buffer } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-agent-'));
  const write = (name: string, text: string | Buffer) => writeFileSync(join(folder, name), text);
  for (const [name, text] of Object.entries(written)) write(name, text);
  const names = new Set(Object.keys(written));
  return {
    folder,
    write: (name: string, text: string | Buffer) => {
      names.add(name);
      write(name, text);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
    /** Prepares an agent of that kind by its settings, as they stand in a file. */
    prepare<Settings extends object>(
      runner: Runner<Settings>,
      settings: object,
      dependsOn: string[] = [],
    ): Work {
      const nobody = () => {
        throw new RangeError('nothing else is prepared here');
      };
      return runner.prepare(runner.settings.parse(settings) as Settings, {
        ...{ ensemble: 'test', agent: 'asked', dependsOn, chain: [], prepare: nobody },
        files: {
          ...{ folder, read: nobody, openEnsemble: nobody },
          find: (path) => (names.has(path.replace(/^\.\//, '')) ? join(folder, path) : null),
        },
      });
    },
  };
}

/** One try, with that input. */
export function turnOf(input: JsonValue = 'hello', more: Partial<Scope> & Partial<Turn> = {}): Turn {
  const { agents = {}, item, round, ...rest } = more;
  return {
    scope: { input: inputOf(input), agents, ...(item && { item }), ...(round && { round }) },
    ...{ label: 'test', signal: new AbortController().signal, spend: () => {}, onText: null },
    deadlines: new Deadlines(null),
    ...rest,
  };
}

/** What the work fails with. */
export async function failureOf(work: Work, turn: Turn = turnOf()): Promise<OrreryError> {
  try {
    await work.answer(turn);
  } catch (thrown) {
    if (thrown instanceof OrreryError) return thrown;
    throw thrown;
  }
  throw new RangeError('it did not fail');
}
