import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');

export interface EndedProgram {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramPlace {
  readonly cwd: string;
  readonly environment?: { readonly [name: string]: string };
  readonly args?: readonly string[];
  /** Ends a program that does not end itself, once it has printed this. */
  readonly until?: string;
}

/** Runs a program in TypeScript for which `orrery-desk` is the sources, as a process of its own. */
export function runProgram(
  file: string,
  { cwd, environment = {}, args = [], until }: ProgramPlace,
): Promise<EndedProgram> {
  const tsx = pathToFileURL(join(root, 'node_modules/tsx/dist/esm/index.mjs')).href;
  const child = spawn(process.execPath, ['--import', tsx, file, ...args], {
    cwd,
    env: {
      ...{ PATH: process.env['PATH'], HOME: cwd, ORRERY_HOME: join(cwd, 'home') },
      ...{ TSX_TSCONFIG_PATH: join(root, 'tsconfig.json'), ...environment },
    },
    timeout: 170_000,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (until !== undefined && stdout.includes(until)) child.kill('SIGINT');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}
