import type { Command } from 'commander';
import { type AddCommand, addNoun } from '../add-command.ts';
import { gather, withWideOption } from '../repeated-options.ts';

/** Agents that depend on each other, run. */
export function addInvoke(program: Command, add: AddCommand): void {
  add(program, {
    usage: 'invoke <ensemble>',
    summary: 'run an ensemble on a text',
    example: 'orrery invoke code-review < src/main.ts',
    async work(session, options, ensemble) {
      const { invoke } = await import('../commands/invoke.ts');
      return invoke(session, options, ensemble ?? '');
    },
  })
    .option('--input <text>', 'the input [stdin]')
    .option('--output <format>', 'rich, text, json, markdown, or a .mjs file [rich on a terminal, else text]')
    .option('--answer <name=text>', 'what a person would answer; repeatable', gather)
    .option('--fresh', 'forget what pure agents said before')
    .option('--process <file>', 'a .mjs file that changes the result; repeatable, in order', gather)
    .option('--batch <file>', 'one input a line: JSON, or text in a .txt file')
    .option('--out <file>', 'where results of --batch go, and where it goes on')
    .option('--concurrency <n>', 'inputs of --batch at one time [4]')
    .option('--retry-failed', 'does inputs of --batch again that failed before')
    .option('--id <run>', 'name of the run [made up]')
    .option('--no-save', 'keep nothing of the run');
}

/** … and looked at. */
export function addEnsembles(program: Command, add: AddCommand): void {
  const ensembles = addNoun(program, 'ensembles', 'ensembles of agents that can be run');
  const list = add(ensembles, {
    usage: 'list',
    summary: 'list ensembles by name',
    example: 'orrery ensembles list',
    async work(session, options) {
      const { listEnsembles } = await import('../commands/ensembles.ts');
      return listEnsembles(session, options);
    },
  });
  withWideOption(list);
  add(ensembles, {
    usage: 'show <ensemble>',
    summary: 'print an ensemble',
    example: 'orrery ensembles show code-review',
    async work(session, _options, ensemble) {
      const { showEnsemble } = await import('../commands/ensembles.ts');
      return showEnsemble(session, ensemble ?? '');
    },
  });
  add(ensembles, {
    usage: 'validate [ensemble...]',
    summary: 'check ensembles and every file they name, or all that can be named',
    example: 'orrery ensembles validate ensembles/code-review.yaml',
    async work(session, _options, ...ensembles) {
      const { validateEnsembles } = await import('../commands/validate-ensembles.ts');
      return validateEnsembles(session, ensembles);
    },
  });
  add(ensembles, {
    usage: 'graph <ensemble>',
    summary: 'draw an ensemble as a Mermaid flowchart',
    example: 'orrery ensembles graph code-review',
    async work(session, _options, ensemble) {
      const { drawEnsemble } = await import('../commands/ensembles.ts');
      return drawEnsemble(session, ensemble ?? '');
    },
  });
}
