import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { z } from 'zod';
import { canonicalJson, OrreryError } from '../core/index.ts';
import type { Answer, Runner, Surroundings, Turn } from '../ensemble/index.ts';
import { type Environment, excerpt } from '../llm/index.ts';
import { type HideSecrets, hideSecrets } from './hide-secrets.ts';
import { readAnswer } from './read-answer.ts';
import { type ProgramEnd, runProgram } from './run-program.ts';
import { scopeText } from './scope-text.ts';
import { contentOf, findCommand, type ScriptCommand } from './script-command.ts';

export interface ScriptPorts {
  readonly environment: Environment;
}

const word = z
  .string()
  .min(1)
  .regex(/^[^\0]*$/)
  .describe('a text');

const settings = z.strictObject({
  command: z
    .array(word)
    .min(1)
    .max(1_000)
    .describe('a list of words, the program first, e.g. [node, lint.mjs]'),
  maxOutputBytes: z
    .int()
    .min(1)
    .max(100_000_000)
    .describe('a whole number of bytes from 1 to 100000000')
    .default(1_000_000),
  env: z
    .array(
      z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
        .describe('the name of an environment variable'),
    )
    .max(100)
    .describe('a list of names of environment variables')
    .default([]),
  format: z.enum(['json', 'text']).describe('json or text').default('json'),
});

type Settings = z.infer<typeof settings>;

/** Variables that say where things are, not who one is: their values may be told. */
const openVariables =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|PWD|LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|TMPDIR|TEMP|TMP|NODE_ENV|CI)$/;

/** A program of the user's, in any language: it reads what the turn is about as JSON from stdin, and prints its output. */
export function createScriptRunner({ environment }: ScriptPorts): Runner<Settings> {
  return {
    kind: 'script',
    settings,
    prepare(given, { files }) {
      const handed = handedOn(given.env, environment);
      const command = findCommand(given.command, files, handed['PATH']);
      const script: Script = {
        ...{ given, command, handed, folder: files.folder },
        secrets: hideSecrets(
          Object.keys(handed)
            .filter((name) => !openVariables.test(name))
            .map((name) => handed[name]!),
        ),
      };
      return {
        answer: (turn) => answerByScript(script, turn),
        content: () => contentOfScript(script),
        unusable: command.file === null ? notThere(script).message : null,
      };
    },
  };
}

interface Script {
  readonly given: Settings;
  readonly command: ScriptCommand;
  /** All it sees of the environment. */
  readonly handed: { readonly [name: string]: string };
  readonly folder: Surroundings['files']['folder'];
  readonly secrets: HideSecrets;
}

/** `PATH` always, since programs start others by their names, and what is named; nothing else. */
function handedOn(names: readonly string[], environment: Environment): { readonly [name: string]: string } {
  const pairs = ['PATH', ...names].map((name) => [name, environment[name]] as const);
  return Object.fromEntries(pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
}

async function answerByScript(script: Script, { scope, signal }: Turn): Promise<Answer> {
  const { command, handed, folder, given, secrets } = script;
  if (command.file === null) throw notThere(script);
  const end = await runProgram({
    ...{ file: command.file, args: command.args, folder, signal },
    environment: handed,
    stdin: `${scopeText(scope)}\n`,
    maxOutputBytes: given.maxOutputBytes,
  });
  if (end.kind !== 'exited' || end.code !== 0) throw failureOf(script, end);
  const who = `${nameOf(script)} printed`;
  const output = readAnswer({
    ...{ bytes: end.stdout, format: given.format, who, secrets },
    aside: lastWords(script, end.stderr),
  });
  return { output };
}

function failureOf(script: Script, end: ProgramEnd): OrreryError {
  const name = nameOf(script);
  switch (end.kind) {
    case 'exited': {
      const lacks = lacksFile.test(end.stderr.toString('utf8'));
      return failed(`${name} ended with exit code ${end.code}${lastWords(script, end.stderr)}`, {
        hint: lacks
          ? 'It needs what is not there: install it, or mend the path.'
          : 'Run it by hand, with what it is given on stdin.',
        retryable: !lacks,
      });
    }
    case 'killed':
      return failed(`${name} was ended by ${end.by}${lastWords(script, end.stderr)}`, {
        hint: 'It crashed, or something else ended it, e.g. for want of memory.',
        retryable: true,
      });
    case 'too-long': {
      const most = script.given.maxOutputBytes;
      return failed(`${name} printed more than ${most} bytes on ${end.stream}, and was ended`, {
        hint: 'Let it print less, or raise its maxOutputBytes.',
      });
    }
    case 'not-started':
      return notStarted(script, end.code);
  }
}

/** What interpreters say where a file or a module is missing, which no other try brings. */
const lacksFile = /Cannot find (?:module|package) '|^ModuleNotFoundError: |: can't open file /m;

function notStarted(script: Script, code: string): OrreryError {
  const name = nameOf(script);
  if (!statSync(script.folder, { throwIfNoEntry: false })?.isDirectory()) {
    return failed(`${name} cannot be started: the folder ${script.folder} is gone`, {
      hint: 'Bring it back.',
    });
  }
  if (code === 'ENOENT') return notThere(script);
  if (code === 'EACCES') {
    const hint = 'Make it executable, or write its interpreter before it: [node, lint.mjs].';
    return failed(`${name} may not be run`, { hint });
  }
  return failed(`${name} cannot be started: ${code}`, {
    hint: 'The system may be short of processes, memory or open files; `concurrency` has fewer run at once.',
    retryable: ['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM'].includes(code),
  });
}

function notThere({ given, secrets }: Script): OrreryError {
  return failed(`there is no program \`${excerpt(secrets.inText(given.command[0]!), 80)}\` to run`, {
    hint: 'Name a file beside the ensemble, or a program on PATH; the first line of a script names a program, too.',
  });
}

function failed(
  message: string,
  details: { readonly hint: string; readonly retryable?: boolean },
): OrreryError {
  return new OrreryError('agent-failed', message, details);
}

function nameOf({ given, secrets }: Script): string {
  return `\`${excerpt(secrets.inText(given.command.slice(0, 2).join(' ')), 80)}\``;
}

/** The last line on stderr, as the end of a message. Redacted whole: a secret may have several lines. */
function lastWords({ secrets }: Script, stderr: Buffer): string {
  const lines = secrets
    .inText(stderr.toString('utf8'))
    .split('\n')
    .filter((line) => /[\p{L}\p{N}]/u.test(line));
  const last = lines.at(-1);
  if (last === undefined) return '';
  // Under what it says of an error Node.js prints the way there, and its own version last.
  const error = /^Node\.js v\d/.test(last) ? lines.findLast((line) => /^\w*Error\b/.test(line)) : undefined;
  return `: ${excerpt(error ?? last)}`;
}

function contentOfScript({ given, command, handed, folder }: Script): string {
  const { PATH: _, ...told } = handed;
  return canonicalJson({
    ...{ kind: 'script', given, folder },
    files: contentOf(command, folder),
    environment: createHash('sha256').update(canonicalJson(told)).digest('hex'),
  });
}
