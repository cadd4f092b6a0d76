import type { Command } from 'commander';
import { gather } from './repeated-options.ts';
import type { SharedOptions, TerminalSession } from './terminal-session.ts';

/** What a group says of one of its commands; options of its own are chained behind it. */
export interface CommandDescription {
  /** Its name and arguments, as in `show <id>`. */
  readonly usage: string;
  readonly summary: string;
  /** One command line that works, without the prompt. */
  readonly example: string;
  /** Loads the command, and gives it its options and its arguments as they were typed. */
  readonly work: Work;
}

/** The exit code is 0 unless it resolves to another number. */
export type Work = (session: TerminalSession, options: never, ...words: string[]) => Promise<unknown>;

export type AddCommand = (parent: Command, description: CommandDescription) => Command;

/**
 * Adds a command with the options that all take. It fails by its exit code and never throws.
 * @param finish is told the exit code
 */
export function addCommand(
  parent: Command,
  { usage, summary, example, work }: CommandDescription,
  finish: (exitCode: number) => void,
): Command {
  return withSharedOptions(parent.command(usage))
    .description(summary)
    .addHelpText('after', `\nExample:\n  $ ${example}`)
    .action(async (...parameters: unknown[]) => {
      const command = parameters.at(-1) as Command;
      const given = parameters
        .slice(0, -2)
        .flat()
        .filter((word) => word !== undefined) as string[];
      finish(await runWork(work, command.opts(), given));
    });
}

/** A word that commands stand behind, as in `orrery runs list`. */
export function addNoun(program: Command, name: string, summary: string): Command {
  return program.command(name).description(summary).helpCommand(false);
}

function withSharedOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON document')
    .option('--config <file>', 'configuration file [./orrery.yaml]')
    .option('--set <key=value>', 'override one setting; repeatable', gather)
    .option('--no-color', 'no colour')
    .option('--verbose', 'show where an error came from');
}

async function runWork(work: Work, options: SharedOptions, words: readonly string[]): Promise<number> {
  const { TerminalSession } = await import('./terminal-session.ts');
  const session = new TerminalSession(options);
  try {
    const exitCode = await work(session, options as never, ...words);
    return typeof exitCode === 'number' ? exitCode : 0;
  } catch (thrown) {
    return session.fail(thrown);
  }
}
