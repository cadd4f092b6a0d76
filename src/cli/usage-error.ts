import type { Command, CommanderError } from 'commander';
import { nearestWord, OrreryError } from '../core/index.ts';

/** Commander's complaint in our form: one line, the nearest word, and where help is. */
export function usageError(
  complaint: CommanderError,
  program: Command,
  words: readonly string[],
): OrreryError {
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
