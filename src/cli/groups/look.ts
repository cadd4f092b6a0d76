import type { Command } from 'commander';
import { type AddCommand, addNoun, type Work } from '../add-command.ts';
import { withWideOption } from '../repeated-options.ts';

const listedOfRun = ['orders', 'fills', 'trades', 'equity'] as const;

/** What was done, and read back. */
export function addLookCommands(program: Command, add: AddCommand): void {
  program.commandsGroup('Look:');
  addRuns(addNoun(program, 'runs', 'runs so far'), add);
  addDecisions(addNoun(program, 'decisions', 'what was decided, by whom and why'), add);
  for (const what of listedOfRun) {
    const listed = add(addNoun(program, what, `${what} of a run`), {
      usage: 'list',
      summary: `list the ${what} of a run, oldest first`,
      example: `orrery ${what} list --run r_01JD3K7Q`,
      work: listWork(what),
    });
    withListOptions(listed);
  }
}

function addRuns(runs: Command, add: AddCommand): void {
  add(runs, {
    usage: 'list',
    summary: 'list runs, oldest first',
    example: 'orrery runs list',
    async work(session) {
      const { listRuns } = await import('../commands/runs.ts');
      return listRuns(session);
    },
  });
  add(runs, {
    usage: 'export <run> [file]',
    summary: 'write a run that is done into one file',
    example: 'orrery runs export r_01JD3K7Q --with-data',
    async work(session, options, run, file) {
      const { exportRun } = await import('../commands/export-run.ts');
      return exportRun(session, options, run ?? '', file ?? null);
    },
  }).option('--with-data', 'with the candles it was run on');
  add(runs, {
    usage: 'import <file>',
    summary: 'take up a run from such a file, to be read and replayed here',
    example: 'orrery runs import r_01JD3K7Q.run.gz --as theirs',
    async work(session, options, file) {
      const { importRun } = await import('../commands/import-run.ts');
      return importRun(session, options, file ?? '');
    },
  }).option('--as <run>', 'another name for it here');
}

function addDecisions(decisions: Command, add: AddCommand): void {
  const list = add(decisions, {
    usage: 'list',
    summary: 'list every record of a run, oldest first',
    example: 'orrery decisions list --run r_01JD3K7Q',
    work: listWork('decisions'),
  });
  withListOptions(list)
    .option('--kind <kind>', 'only signal, proposal, verdict or decision')
    .option('--agent <name>', 'only this agent')
    .option('--action <action>', 'only BUY, SELL, HOLD or CLOSE')
    .option('--from <time>', 'decided then or later')
    .option('--to <time>', 'decided before then');
  add(decisions, {
    usage: 'show <id>',
    summary: 'explain one decision',
    example: 'orrery decisions show r_01JD3K7Q.412',
    async work(session, options, id) {
      const { showDecision } = await import('../commands/show-decision.ts');
      return showDecision(session, options, id ?? '');
    },
  })
    .option('--prompt', 'with the prompt as it was sent')
    .option('--raw', 'with the answer as it came')
    .option('--evidence', 'with every number that was offered')
    .option('--parents', 'with the records it rests on');
}

function withListOptions(command: Command): Command {
  command.requiredOption('--run <run>', 'the run').option('--all', 'all rows instead of the first 20');
  return withWideOption(command);
}

function listWork(what: 'decisions' | (typeof listedOfRun)[number]): Work {
  return async (session, options) => {
    const { listOfRun } = await import('../commands/list-of-run.ts');
    return listOfRun(session, what, options);
  };
}
