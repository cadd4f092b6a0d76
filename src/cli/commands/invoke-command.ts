import type { InvokeOptions } from './invoke-options.ts';

/** The command that was given, for the shell: what goes on must go on in the same way. */
export function invokeCommand(ensemble: string, options: InvokeOptions): string {
  const { save, color, set, answer, process, ...others } = options;
  const words = [
    ...Object.entries(others).flatMap(([name, value]) => wordsOf(name, value)),
    ...[set, answer, process].flatMap((values, index) =>
      (values ?? []).flatMap((value) => [['--set', '--answer', '--process'][index]!, value]),
    ),
    ...(save === false ? ['--no-save'] : []),
    ...(color === false ? ['--no-color'] : []),
  ];
  return ['orrery', 'invoke', ensemble, ...words].map(quoted).join(' ');
}

function wordsOf(name: string, value: string | boolean | undefined): readonly string[] {
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (value === true) return [flag];
  return typeof value === 'string' ? [flag, value] : [];
}

/** For a POSIX shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
