import { statSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { nearestWord, OrreryError } from '../core/index.ts';
import { packageVersion } from '../package.ts';
import { writeResult } from './standard-streams.ts';
import { type SharedOptions, TerminalSession } from './terminal-session.ts';

/** Does a command's work; the exit code is 0 unless it resolves to another number. */
type Work = (session: TerminalSession, options: never, ...words: string[]) => Promise<unknown>;

/**
 * Parses one command line and runs its command. Never throws; an error is printed with its hint.
 * @returns the exit code
 */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = describeProgram((code) => {
    exitCode = code;
  });
  try {
    loadEnvironment();
    await program.parseAsync(words.length === 0 ? ['--help'] : [...words], { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0;
    const error = thrown instanceof CommanderError ? usageError(thrown, program, words) : thrown;
    return new TerminalSession({ json: words.includes('--json') }).fail(error);
  }
}

/** What the shell sets wins over the file. A folder of that name is somebody else's. */
function loadEnvironment(): void {
  try {
    if (statSync('.env', { throwIfNoEntry: false })?.isFile() === true) process.loadEnvFile('.env');
  } catch (cause) {
    throw new OrreryError('file-unreadable', '.env cannot be read', {
      hint: 'Check that you may read it.',
      cause,
    });
  }
}

function describeProgram(finish: (exitCode: number) => void): Command {
  const program = new Command('orrery')
    .description(
      'A trading desk of LLM agents that you define in YAML, test honestly on\nhistory, and audit decision by decision.',
    )
    .usage('COMMAND [options]')
    .configureHelp({ showGlobalOptions: false, helpWidth: 80 })
    .configureOutput({ writeOut: writeResult, writeErr: () => undefined, outputError: () => undefined })
    .helpCommand(false)
    .version(packageVersion(), '-v, --version', 'version')
    .helpOption('-h, --help', 'help on any command')
    .exitOverride();
  const add = (parent: Command, usage: string, description: string, example: string, work: Work): Command =>
    shared(parent.command(usage))
      .description(description)
      .addHelpText('after', `\nExample:\n  $ ${example}`)
      .action(async (...parameters: unknown[]) => {
        const command = parameters.at(-1) as Command;
        const given = parameters
          .slice(0, -2)
          .flat()
          .filter((word) => word !== undefined) as string[];
        finish(await runWork(work, command.opts(), given));
      });
  describeStart(program, add);
  describeCheck(program, add);
  describeLook(program, add);
  describeData(program, add);
  program.commandsGroup('System:');
  describeModels(program, add);
  describeSystem(program, add);
  return program.addHelpText('after', '\nFirst:\n  $ orrery demo');
}

type Add = (parent: Command, usage: string, description: string, example: string, work: Work) => Command;

async function runWork(work: Work, options: SharedOptions, words: readonly string[]): Promise<number> {
  const session = new TerminalSession(options);
  try {
    const exitCode = await work(session, options as never, ...words);
    return typeof exitCode === 'number' ? exitCode : 0;
  } catch (thrown) {
    return session.fail(thrown);
  }
}

function shared(command: Command): Command {
  return command
    .option('--json', 'print one JSON document')
    .option('--config <file>', 'configuration file [./orrery.yaml]')
    .option('--set <key=value>', 'override one setting; repeatable', gather)
    .option('--no-color', 'no colour')
    .option('--verbose', 'show where an error came from');
}

function group(program: Command, name: string, description: string): Command {
  return program.command(name).description(description).helpCommand(false);
}

function gather(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function describeStart(program: Command, add: Add): void {
  program.commandsGroup('Start:');
  add(
    program,
    'demo',
    'play a desk on a synthetic market and serve its report',
    'orrery demo',
    async (session, options) => {
      const { demo } = await import('./commands/demo.ts');
      return demo(session, options);
    },
  )
    .option('--once', 'play the whole stretch, then exit without serving')
    .option('--port <n>', 'port of the report [4173]')
    .option('--seed <n>', 'seed of the market [7]');
  add(
    program,
    'init [folder]',
    'write a configuration and a desk to begin with',
    'orrery init my-desk',
    async (session, _options, folder) => {
      const { init } = await import('./commands/init.ts');
      return init(session, folder ?? '.');
    },
  );
  add(
    program,
    'run [desk]',
    'run a desk over history',
    'orrery run solar --data BTCUSDT_1h.csv --from 2022-01-01',
    async (session, options, desk) => {
      const { run } = await import('./commands/run.ts');
      return run(session, options, desk ?? null);
    },
  )
    .option('--data <file>', '[SYMBOL=]FILE[@format] with candles; repeatable', gather)
    .option('--from <time>', 'first bar, by its open; earlier bars warm up')
    .option('--to <time>', 'end, not included')
    .option('--id <run>', 'name of the run [made up]')
    .option('--seed <n>', 'seed of everything random [7]')
    .option('--no-record', 'keep no recordings of model answers')
    .option('--resume <run>', 'go on with an interrupted run')
    .option('--replay <run>', 'do a run again from its recordings, and compare');
  add(
    program,
    'backtest <strategy...>',
    'test rules in code over history: shipped names (docs/strategies.md) or files;\nseveral are shown side by side',
    'orrery backtest sma-cross --data GOOG.csv --param fast=10 --param slow=30',
    async (session, options, ...strategies) => {
      const { backtest } = await import('./commands/backtest.ts');
      return backtest(session, options, strategies);
    },
  )
    .option('--data <file>', '[SYMBOL=]FILE[@format] with candles; repeatable', gather)
    .option('--from <time>', 'first bar, by its open; earlier bars warm up')
    .option('--to <time>', 'end, not included')
    .option('--param <name=value>', "one of the strategy's parameters; repeatable", gather)
    .option('--factors <file>', '[SYMBOL=]FILE of splits and dividends in LEAN form; repeatable', gather)
    .option('--funding <file>', '[SYMBOL=]FILE of rates that longs pay shorts; repeatable', gather)
    .option('--cash <n>', 'money to begin with [10000]')
    .option('--commission <fraction>', 'of the traded value, a side [0.0005 equity, 0.001 crypto]')
    .option('--spread <fraction>', 'bid to ask, of the price [0.0002]')
    .option('--slippage <fraction>', 'beside the spread, for orders that do not wait at a limit [0]')
    .option('--volume-share <fraction>', "most of a bar's volume that fills take; the rest waits [all]")
    .option('--borrow <fraction>', 'cost of a short position, of its value a year [0]')
    .option('--margin <fraction>', 'share of a position to be covered; 0.2 is 5x leverage [1]')
    .option('--fractional', 'trade millionths of a unit instead of whole ones')
    .option('--trade-on-close', "orders fill at the next bar's close instead of its open")
    .option('--hedging', 'opposite orders open positions of their own')
    .option('--exclusive', 'each order closes what is held and cancels what waits')
    .option('--finalize', 'close at the last bar what is still open')
    .option('--compat', 'fill and count as kernc/backtesting.py does; no costs but those given')
    .option('--trades', 'add the list of trades to --json')
    .option(
      '--sweep <name=from..to:step>',
      'try all these values; repeatable, every combination counts',
      gather,
    )
    .option('--workers <n>', 'threads of a sweep [one on each core]')
    .option(
      '--walk-forward <train:test>',
      'sweep the first days, test the best on the next; with :EMBARGO between',
    )
    .option('--monte-carlo <n>', 'draw the days of the test anew N times')
    .option('--seed <n>', 'seed of --monte-carlo [7]');
}

function describeCheck(program: Command, add: Add): void {
  add(
    program,
    'check <strategy|desk>',
    'look for looks into the future, short warm-up and odd sizes',
    'orrery check sma-cross --data GOOG.csv',
    async (session, options, subject) => {
      const { check } = await import('./commands/check.ts');
      return check(session, options, subject ?? '');
    },
  )
    .option('--data <file>', '[SYMBOL=]FILE[@format] with candles; repeatable', gather)
    .option('--from <time>', 'first bar, by its open; earlier bars warm up')
    .option('--to <time>', 'end, not included')
    .option('--param <name=value>', "one of the strategy's parameters; repeatable", gather)
    .option('--factors <file>', '[SYMBOL=]FILE of splits and dividends in LEAN form; repeatable', gather)
    .option('--cash <n>', "a strategy's money to begin with [10000]")
    .option('--fractional', 'let a strategy trade millionths of a unit');
}

function describeLook(program: Command, add: Add): void {
  program.commandsGroup('Look:');
  const runs = group(program, 'runs', 'runs so far');
  add(runs, 'list', 'list runs, oldest first', 'orrery runs list', async (session) => {
    const { listRuns } = await import('./commands/runs.ts');
    return listRuns(session);
  });
  add(
    runs,
    'export <run> [file]',
    'write a run that is done into one file',
    'orrery runs export r_01JD3K7Q --with-data',
    async (session, options, run, file) => {
      const { exportRun } = await import('./commands/export-run.ts');
      return exportRun(session, options, run ?? '', file ?? null);
    },
  ).option('--with-data', 'with the candles it was run on');
  add(
    runs,
    'import <file>',
    'take up a run from such a file, to be read and replayed here',
    'orrery runs import r_01JD3K7Q.run.gz --as theirs',
    async (session, options, file) => {
      const { importRun } = await import('./commands/import-run.ts');
      return importRun(session, options, file ?? '');
    },
  ).option('--as <run>', 'another name for it here');
  const decisions = group(program, 'decisions', 'what was decided, by whom and why');
  listing(
    add(
      decisions,
      'list',
      'list every record of a run, oldest first',
      'orrery decisions list --run r_01JD3K7Q',
      listWork('decisions'),
    ),
  )
    .option('--kind <kind>', 'only signal, proposal, verdict or decision')
    .option('--agent <name>', 'only this agent')
    .option('--action <action>', 'only BUY, SELL, HOLD or CLOSE')
    .option('--from <time>', 'decided then or later')
    .option('--to <time>', 'decided before then');
  add(
    decisions,
    'show <id>',
    'explain one decision',
    'orrery decisions show r_01JD3K7Q.412',
    async (session, options, id) => {
      const { showDecision } = await import('./commands/show-decision.ts');
      return showDecision(session, options, id ?? '');
    },
  )
    .option('--prompt', 'with the prompt as it was sent')
    .option('--raw', 'with the answer as it came')
    .option('--evidence', 'with every number that was offered')
    .option('--parents', 'with the records it rests on');
  for (const what of ['orders', 'fills', 'trades', 'equity'] as const) {
    const listed = group(program, what, `${what} of a run`);
    listing(
      add(
        listed,
        'list',
        `list the ${what} of a run, oldest first`,
        `orrery ${what} list --run r_01JD3K7Q`,
        listWork(what),
      ),
    );
  }
}

function listing(command: Command): Command {
  return command
    .requiredOption('--run <run>', 'the run')
    .option('--all', 'all rows instead of the first 20')
    .option('--wide', 'all columns');
}

function listWork(what: 'decisions' | 'orders' | 'fills' | 'trades' | 'equity'): Work {
  return async (session, options) => {
    const { listOfRun } = await import('./commands/list-of-run.ts');
    return listOfRun(session, what, options);
  };
}

function describeData(program: Command, add: Add): void {
  program.commandsGroup('Data and desks:');
  const data = group(program, 'data', 'files of candles');
  add(
    data,
    'check <file>',
    'say what a file holds and what is wrong with it',
    'orrery data check BTCUSDT_1h.csv',
    async (session, _options, file) => {
      const { checkData } = await import('./commands/check-data.ts');
      return checkData(session, file ?? '');
    },
  );
  add(
    data,
    'import <file...>',
    'keep candles of any format here, to be named by their symbol',
    'orrery data import spy.csv@lean-equity --as SPY',
    async (session, options, ...files) => {
      const { importData } = await import('./commands/import-data.ts');
      return importData(session, options, files);
    },
  )
    .option('--as <symbol>', "the symbol [SYMBOL= or the file's name]")
    .option('--format <format>', 'the format of files without @FORMAT')
    .option('--every <interval>', 'make longer bars of them, such as 1h');
  add(data, 'list', 'list the candles kept here', 'orrery data list', async (session) => {
    const { listData } = await import('./commands/list-data.ts');
    return listData(session);
  });
  add(
    data,
    'remove <symbol>',
    'forget candles kept here, at all intervals or at one',
    'orrery data remove BTCUSDT --timeframe 1h',
    async (session, options, symbol) => {
      const { removeData } = await import('./commands/remove-data.ts');
      return removeData(session, options, symbol ?? '');
    },
  ).option('--timeframe <interval>', 'only these bars, such as 1h');
  const desks = group(program, 'desks', 'desks that can be run');
  add(desks, 'list', 'list desks by name', 'orrery desks list', async (session) => {
    const { listDesks } = await import('./commands/desks.ts');
    return listDesks(session);
  });
  add(desks, 'show <desk>', 'print a desk', 'orrery desks show solar', async (session, _options, desk) => {
    const { showDesk } = await import('./commands/desks.ts');
    return showDesk(session, desk ?? '');
  });
}

function describeModels(program: Command, add: Add): void {
  const llm = group(program, 'llm', 'models: where profiles lead, who answers, what it took');
  add(
    llm,
    'profiles',
    'list the profiles, their prices and where their keys come from',
    'orrery llm profiles',
    async (session, options) => {
      const { listProfiles } = await import('./commands/list-profiles.ts');
      return listProfiles(session, options);
    },
  ).option('--wide', 'all columns');
  add(
    llm,
    'ping [profile...]',
    'ask each profile one small question, within the budgets',
    'orrery llm ping chief analyst',
    async (session, options, ...profiles) => {
      const { pingProfiles } = await import('./commands/ping-profiles.ts');
      return pingProfiles(session, options, profiles);
    },
  ).option('--wide', 'all columns');
  add(
    llm,
    'usage',
    'add up what models took, over all runs',
    'orrery llm usage --run r_01JD3K7Q --by agent',
    async (session, options) => {
      const { showUsage } = await import('./commands/show-usage.ts');
      return showUsage(session, options);
    },
  )
    .option('--run <run>', 'only this run')
    .option('--by <what>', 'provider, model, agent, run or day (on which a run began) [model]')
    .option('--wide', 'all columns');
}

function describeSystem(program: Command, add: Add): void {
  const auth = group(program, 'auth', 'keys of providers, kept encrypted');
  add(
    auth,
    'set <provider>',
    'store a key, typed unseen or read from stdin',
    'orrery auth set openrouter < key.txt',
    async (session, _options, provider) => {
      const { setKey } = await import('./commands/auth.ts');
      return setKey(session, provider ?? '');
    },
  );
  add(auth, 'list', 'say which providers have a key, and from where', 'orrery auth list', async (session) => {
    const { listKeys } = await import('./commands/auth.ts');
    return listKeys(session);
  });
  add(
    auth,
    'remove <provider>',
    'forget a stored key',
    'orrery auth remove openrouter',
    async (session, _options, provider) => {
      const { removeKey } = await import('./commands/auth.ts');
      return removeKey(session, provider ?? '');
    },
  );
  add(program, 'doctor', 'check that everything here can work', 'orrery doctor', async (session) => {
    const { doctor } = await import('./commands/doctor.ts');
    return doctor(session);
  });
}

/** Commander's complaint in our form: one line, the nearest word, and where help is. */
function usageError(complaint: CommanderError, program: Command, words: readonly string[]): OrreryError {
  const command = commandAt(program, words);
  const known = command.commands.map((one) => one.name());
  const hint = `See: ${pathOf(command)} --help`;
  // A group of commands takes nothing but one of them; commander would print its help, or complain of an option.
  const isGroup = command !== program && known.length > 0;
  if (isGroup && complaint.code !== 'commander.unknownCommand') {
    return new OrreryError('usage-invalid', `${pathOf(command)} needs a command: ${known.join(', ')}`, {
      hint,
    });
  }
  const said = complaint.message
    .replace(/^error: /, '')
    .replace(/\n[\s\S]*$/, '')
    .replace(/\.$/, '');
  const unknown = /unknown command '(.+)'/.exec(said)?.[1];
  const nearest = unknown === undefined ? null : nearestWord(unknown, known);
  return new OrreryError('usage-invalid', nearest === null ? said : `${said}; did you mean "${nearest}"?`, {
    hint,
  });
}

/** The command that the first words lead to. */
function commandAt(command: Command, [word, ...rest]: readonly string[]): Command {
  const next = command.commands.find((one) => one.name() === word);
  return next === undefined ? command : commandAt(next, rest);
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
