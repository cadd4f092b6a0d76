import { dirname, join } from 'node:path';
import { type CallObserver, type Notices, nearestWord, OrreryError, wallClock } from '../core/index.ts';
import {
  createAnswerFolder,
  createEnsembleFiles,
  type EnsembleDefinition,
  type EnsembleDocument,
  type EnsembleFolders,
  type EnsembleInput,
  type EnsembleRunOptions,
  listEnsembles,
  openEnsemble,
  type PreparedEnsemble,
  prepareEnsemble,
  type Runners,
  refuseHopeless,
  runEnsemble,
  specFromDefinition,
} from '../ensemble/index.ts';
import { createGateway, type Gateway } from '../llm/index.ts';
import { packageRoot } from '../package.ts';
import type { Ask } from '../runners/index.ts';
import { checkRunId, newRunId } from '../runs/index.ts';
import type { Database } from '../storage/index.ts';
import type { NamedFile } from '../yaml/index.ts';
import { answeredBy } from './answered-by.ts';
import { type EnsembleRunnerPorts, ensembleRunners } from './ensemble-runners.ts';
import { ensemblesWithin, type PlacedEnsemble, peopleIn } from './ensembles-within.ts';
import { beginInvocation, type InvocationFolder } from './invocation-folder.ts';
import type { ModelAccess } from './model-access.ts';
import type { WithDatabase } from './with-database.ts';

/** An ensemble that was opened and checked, and where it stands. */
export interface CheckedEnsemble {
  /** Null for one that is defined in code. */
  readonly file: string | null;
  readonly text: string | null;
  readonly prepared: PreparedEnsemble;
}

export interface InvocationOptions {
  /** Puts a question to a person; nobody can be asked without it. */
  readonly ask?: Ask | undefined;
  /** What people have answered beforehand, by agent. */
  readonly given?: ReadonlyMap<string, string> | undefined;
  /** Forgets what pure agents said before; they are kept otherwise. */
  readonly fresh?: boolean | undefined;
  /** Names the first run, and what models are asked for all of them; made up unless given. */
  readonly run?: string | undefined;
}

/** An ensemble that can be named. */
export interface ListedEnsemble extends NamedFile {
  readonly from: 'project' | 'user' | 'shipped';
}

/** An ensemble ready to be run, as often as one likes. */
export interface Invocation {
  readonly prepared: PreparedEnsemble;
  /** Of the first run. */
  readonly run: string;
  /** A hash of what answers: the ensemble, its prompts, the models in use. Where it changes, so may any output. */
  answeredBy(): string;
  invoke(
    input: EnsembleInput,
    options?: Omit<EnsembleRunOptions, 'run'> & { readonly run?: string },
  ): Promise<EnsembleDocument>;
}

export interface Ensembles {
  /** By name: the project's, the user's, those that ship; an earlier one wins. */
  listEnsembles(): readonly ListedEnsemble[];
  /**
   * Opens an ensemble, every file it names, and every ensemble in it. Asks nobody.
   * @throws OrreryError `ensemble-not-found`, `ensemble-invalid`, `agents-invalid`, and what opening files throws
   */
  checkEnsemble(ensemble: string | EnsembleDefinition): CheckedEnsemble;
  /**
   * Has an ensemble ready for the time of `work`; all of its runs share one gateway, and so their budget of a run. It is checked before
   * a database is opened.
   * @throws OrreryError as {@link checkEnsemble} does, `model-not-configured` where the output can never be, `usage-invalid` for such an id, or an answer
   * given for nobody; where there is a budget `home-locked`,
   * `database-failed`
   */
  withEnsemble<Result>(
    ensemble: string | EnsembleDefinition,
    options: InvocationOptions,
    work: (invocation: Invocation) => Promise<Result>,
  ): Promise<Result>;
  /**
   * Begins the folder of a run with what it was given. It is its owner's alone.
   * @throws OrreryError `run-exists`; what the file system throws where nothing can be written
   */
  beginInvocation(run: string, input: string): InvocationFolder;
}

interface EnsemblePorts {
  readonly cwd: string;
  readonly home: string;
  readonly userFolder: string | null;
  readonly models: ModelAccess;
  readonly notices: Notices;
  readonly withDatabase: WithDatabase;
  observers(): Promise<readonly CallObserver[]>;
}

export function invokeEnsembles(ports: EnsemblePorts): Ensembles {
  const { cwd, userFolder, models, withDatabase } = ports;
  const { llm } = models;
  const folders = [
    join(cwd, 'ensembles'),
    ...(userFolder === null ? [] : [join(userFolder, 'ensembles')]),
    join(packageRoot, 'ensembles'),
  ];
  const open = (ensemble: string | EnsembleDefinition, runnerPorts: EnsembleRunnerPorts): OpenedEnsemble =>
    opened(ensemble, runnerPorts, { cwd, folders });
  return {
    listEnsembles: () =>
      listEnsembles(folders).map((named) => ({ ...named, from: originOf(named.file, folders) })),
    checkEnsemble: (ensemble) =>
      open(ensemble, {
        ...{ access: models, models: askNobody, ask: null, given: new Map(), answers: null },
      }).checked,
    beginInvocation: (run, input) => beginInvocation(join(ports.home, 'invocations'), run, input),
    async withEnsemble(ensemble, { ask, given = new Map(), fresh = false, run: named }, work) {
      const run = named === undefined ? newRunId('e') : checkRunId(named);
      let gateway: Gateway | null = null;
      const ready = open(ensemble, {
        access: models,
        models: (label) => gateway!.within(label),
        answers: fresh ? null : createAnswerFolder(join(ports.home, 'ensemble-answers')),
        ask: ask ?? null,
        given,
      });
      refuseStrayAnswers(given, ready.placed);
      refuseHopeless(ready.checked.prepared);
      for (const { note } of ready.checked.prepared.notes) ports.notices.warn(note);
      const perform = async (database?: Database) => {
        const opened = createGateway(await gatewayOptions(ports, run, database));
        gateway = opened;
        try {
          return await work(invocationOf(ready, run));
        } finally {
          await opened.close();
        }
      };
      // Only budgets and a cache in the database need it, which a run may be holding.
      const needed = llm.budget !== undefined || llm.cache?.store === 'database';
      return needed ? withDatabase(`orrery invoke ${run}`, 'own', perform) : perform();
    },
  };
}

function originOf(file: string, folders: readonly string[]): ListedEnsemble['from'] {
  const folder = dirname(file);
  if (folder === folders[0]) return 'project';
  return folder === folders.at(-1) ? 'shipped' : 'user';
}

/** An answer to nobody's question is a slip. @throws OrreryError `usage-invalid` */
function refuseStrayAnswers(given: ReadonlyMap<string, string>, placed: PlacedEnsemble): void {
  if (given.size === 0) return;
  const people = peopleIn(ensemblesWithin(placed));
  const stray = [...given.keys()].find((name) => !people.includes(name));
  if (stray === undefined) return;
  const nearest = nearestWord(stray, people);
  const suggestion = nearest === null ? '' : `; did you mean "${nearest}"?`;
  throw new OrreryError('usage-invalid', `no human agent "${stray}"${suggestion}`, {
    hint: people.length === 0 ? `${placed.spec.name} asks nobody.` : `It asks ${people.join(', ')}.`,
  });
}

function invocationOf({ checked, placed, runners }: OpenedEnsemble, first: string): Invocation {
  const { prepared } = checked;
  let next: string | null = first;
  return {
    prepared,
    run: first,
    answeredBy: () => answeredBy(ensemblesWithin(placed), runners),
    invoke(input, options = {}) {
      const run = options.run ?? next ?? newRunId('e');
      next = null;
      return runEnsemble(prepared, input, { ...options, run });
    },
  };
}

interface OpenedEnsemble {
  readonly checked: CheckedEnsemble;
  readonly placed: PlacedEnsemble;
  /** All there are. */
  readonly runners: Runners;
}

function opened(
  ensemble: string | EnsembleDefinition,
  ports: EnsembleRunnerPorts,
  { cwd, folders }: Pick<EnsembleFolders, 'cwd' | 'folders'>,
): OpenedEnsemble {
  const { written, all } = ensembleRunners(ports);
  const places = { cwd, folders, runners: written };
  const { answers } = ports;
  if (typeof ensemble !== 'string') {
    const files = createEnsembleFiles(cwd, places);
    const spec = specFromDefinition(ensemble, all);
    const prepared = prepareEnsemble(spec, { runners: all, files, answers });
    return {
      ...{ checked: { file: null, text: null, prepared }, placed: { spec, file: null, files }, runners: all },
    };
  }
  const { file, text, spec, files } = openEnsemble(ensemble, places);
  const prepared = prepareEnsemble(spec, { runners: all, files, answers }, [file]);
  return { checked: { file, text, prepared }, placed: { spec, file, files }, runners: all };
}

async function gatewayOptions(
  { models, notices, observers }: EnsemblePorts,
  run: string,
  database: Database | undefined,
): Promise<Parameters<typeof createGateway>[0]> {
  const { llm, environment, storedKeys } = models;
  return {
    ...{ settings: llm, environment, storedKeys, run, observers: await observers() },
    recording: { kind: 'off' },
    ...(database === undefined ? {} : { budgets: database }),
    ...(llm.cache === undefined
      ? {}
      : { cache: { clock: wallClock, database: database ?? noDatabase, notices } }),
  };
}

/** Of a cache that is kept elsewhere. */
const noDatabase = {
  query: () => Promise.reject(new RangeError('no database is open')),
};

const askNobody: (label: string) => ReturnType<Gateway['within']> = () => ({
  chat: () => Promise.reject(new OrreryError('internal', 'a check asks no model')),
});
