import { nearestWord, OrreryError } from '../../core/index.ts';
import type { SharedOptions } from '../terminal-session.ts';

export interface InvokeOptions extends SharedOptions {
  readonly input?: string;
  readonly answer?: readonly string[];
  readonly fresh?: boolean;
  readonly process?: readonly string[];
  readonly batch?: string;
  readonly out?: string;
  readonly concurrency?: string;
  readonly retryFailed?: boolean;
  readonly id?: string;
  readonly save: boolean;
}

const formats = ['rich', 'text', 'json', 'markdown'] as const;

export type OutputFormat =
  | { readonly kind: (typeof formats)[number] }
  | { readonly kind: 'own'; readonly file: string };

/** @throws OrreryError `usage-invalid` */
export function readFormat({ output, json }: InvokeOptions, watched: boolean): OutputFormat {
  if (json === true && output !== undefined && output !== 'json') {
    throw refused(`--json is --output json, and --output ${output} is given too`, 'Give one of them.');
  }
  if (json === true) return { kind: 'json' };
  if (output === undefined) return { kind: watched ? 'rich' : 'text' };
  const known = formats.find((format) => format === output);
  if (known !== undefined) return { kind: known };
  if (/\.[cm]?[jt]s$/.test(output)) return { kind: 'own', file: output };
  const nearest = nearestWord(output, formats);
  const suggestion = nearest === null ? '' : `; did you mean ${nearest}?`;
  throw refused(
    `--output: there is no format "${output}"${suggestion}`,
    `Formats: ${formats.join(', ')}, or the path of a .mjs file that exports one.`,
  );
}

/** @throws OrreryError `usage-invalid` for options that exclude or need each other */
export function refuseContradictions(options: InvokeOptions): void {
  const { batch, out, concurrency, retryFailed, input, output } = options;
  if (batch === undefined) {
    const [alone] = Object.entries({
      '--out': out,
      '--concurrency': concurrency,
      '--retry-failed': retryFailed,
    }).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    if (alone !== undefined)
      throw refused(`${alone} belongs to --batch`, 'Give --batch FILE, or leave it out.');
    return;
  }
  if (out === undefined) throw refused('--batch needs --out', 'Say where results go: --out results.jsonl');
  if (input !== undefined) throw refused('--batch brings its own inputs', 'Leave --input out.');
  if (output !== undefined && output !== 'json') {
    throw refused('results of a --batch are JSON lines', 'Leave --output out.');
  }
}

/** `--answer NAME=TEXT`, by agent. @throws OrreryError `usage-invalid` */
export function readAnswers(given: readonly string[]): ReadonlyMap<string, string> {
  const answers = new Map<string, string>();
  for (const text of given) {
    const [, name, answer] = /^([^=]+)=([\s\S]*)$/.exec(text) ?? [];
    if (name === undefined || answer === undefined) {
      throw refused(`--answer: "${text}" is not NAME=TEXT`, 'Write --answer approve=yes');
    }
    if (answers.has(name)) throw refused(`--answer ${name} is given twice`, 'Give it once.');
    answers.set(name, answer);
  }
  return answers;
}

function refused(message: string, hint: string): OrreryError {
  return new OrreryError('usage-invalid', message, { hint });
}
