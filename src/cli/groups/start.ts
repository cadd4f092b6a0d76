import type { Command } from 'commander';
import type { AddCommand } from '../add-command.ts';
import { withCandleOptions } from '../repeated-options.ts';
import { addInvoke } from './ensembles.ts';
import { addStrategyCommands } from './strategies.ts';

export function addStartCommands(program: Command, add: AddCommand): void {
  program.commandsGroup('Start:');
  addDemo(program, add);
  add(program, {
    usage: 'init [folder]',
    summary: 'write a configuration and a first desk',
    example: 'orrery init my-desk',
    async work(session, _options, folder) {
      const { init } = await import('../commands/init.ts');
      return init(session, folder ?? '.');
    },
  });
  addRun(program, add);
  addInvoke(program, add);
  addStrategyCommands(program, add);
}

function addDemo(program: Command, add: AddCommand): void {
  add(program, {
    usage: 'demo',
    summary: 'play a desk on a synthetic market and serve its report',
    example: 'orrery demo',
    async work(session, options) {
      const { demo } = await import('../commands/demo.ts');
      return demo(session, options);
    },
  })
    .option('--once', 'play the whole stretch, then exit without serving')
    .option('--port <n>', 'port of the report [4173]')
    .option('--seed <n>', 'seed of the market [7]');
}

function addRun(program: Command, add: AddCommand): void {
  const run = add(program, {
    usage: 'run [desk]',
    summary: 'run a desk over history',
    example: 'orrery run solar --data BTCUSDT_1h.csv --from 2022-01-01',
    async work(session, options, desk) {
      const { run } = await import('../commands/run.ts');
      return run(session, options, desk ?? null);
    },
  });
  withCandleOptions(run)
    .option('--id <run>', 'name of the run [made up]')
    .option('--seed <n>', 'seed of everything random [7]')
    .option('--no-record', 'keep no recordings of model answers')
    .option('--resume <run>', 'go on with an interrupted run')
    .option('--replay <run>', 'do a run again from its recordings, and compare');
}
