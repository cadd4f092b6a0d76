import { statSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { packageVersion } from '../package.ts';
import { type AddCommand, addCommand } from './add-command.ts';
import { addDataCommands } from './groups/data-and-desks.ts';
import { addLookCommands } from './groups/look.ts';
import { addStartCommands } from './groups/start.ts';
import { addSystemCommands } from './groups/system.ts';
import { writeResult } from './standard-streams.ts';

/** What `orrery --help` lists, group after group. */
const groups: readonly ((program: Command, add: AddCommand) => void)[] = [
  addStartCommands,
  addLookCommands,
  addDataCommands,
  addSystemCommands,
];

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
    await loadEnvironment();
    await program.parseAsync(words.length === 0 ? ['--help'] : [...words], { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0;
    // Loaded late, as is everything that help can do without.
    const { usageError } = await import('./usage-error.ts');
    const { TerminalSession } = await import('./terminal-session.ts');
    const error = thrown instanceof CommanderError ? usageError(thrown, program, words) : thrown;
    return new TerminalSession({ json: wantsJson(words) }).fail(error);
  }
}

/** Of a command line that could not be parsed. */
function wantsJson(words: readonly string[]): boolean {
  const output = words.indexOf('--output');
  return (
    words.includes('--json') ||
    words.includes('--output=json') ||
    (output >= 0 && words[output + 1] === 'json')
  );
}

/** What the shell sets wins over the file. A folder of that name is somebody else's. */
async function loadEnvironment(): Promise<void> {
  try {
    if (statSync('.env', { throwIfNoEntry: false })?.isFile() === true) process.loadEnvFile('.env');
  } catch (cause) {
    const { OrreryError } = await import('../core/index.ts');
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
  const add: AddCommand = (parent, description) => addCommand(parent, description, finish);
  for (const addGroup of groups) addGroup(program, add);
  return program.addHelpText('after', '\nFirst:\n  $ orrery demo');
}
