import type { Command } from 'commander';
import { type AddCommand, addNoun } from '../add-command.ts';
import { addEnsembles } from './ensembles.ts';

/** What runs are made of. */
export function addDataCommands(program: Command, add: AddCommand): void {
  program.commandsGroup('Data, desks, ensembles:');
  addData(addNoun(program, 'data', 'files of candles'), add);
  addDesks(addNoun(program, 'desks', 'desks that can be run'), add);
  addEnsembles(program, add);
}

function addData(data: Command, add: AddCommand): void {
  add(data, {
    usage: 'check <file>',
    summary: 'say what a file holds and what is wrong with it',
    example: 'orrery data check BTCUSDT_1h.csv',
    async work(session, _options, file) {
      const { checkData } = await import('../commands/check-data.ts');
      return checkData(session, file ?? '');
    },
  });
  add(data, {
    usage: 'import <file...>',
    summary: 'keep candles of any format here, to be named by their symbol',
    example: 'orrery data import spy.csv@lean-equity --as SPY',
    async work(session, options, ...files) {
      const { importData } = await import('../commands/import-data.ts');
      return importData(session, options, files);
    },
  })
    .option('--as <symbol>', "the symbol [SYMBOL= or the file's name]")
    .option('--format <format>', 'the format of files without @FORMAT')
    .option('--every <interval>', 'make longer bars of them, such as 1h');
  add(data, {
    usage: 'list',
    summary: 'list the candles kept here',
    example: 'orrery data list',
    async work(session) {
      const { listData } = await import('../commands/list-data.ts');
      return listData(session);
    },
  });
  add(data, {
    usage: 'remove <symbol>',
    summary: 'forget candles kept here, at all intervals or at one',
    example: 'orrery data remove BTCUSDT --timeframe 1h',
    async work(session, options, symbol) {
      const { removeData } = await import('../commands/remove-data.ts');
      return removeData(session, options, symbol ?? '');
    },
  }).option('--timeframe <interval>', 'only these bars, such as 1h');
}

function addDesks(desks: Command, add: AddCommand): void {
  add(desks, {
    usage: 'list',
    summary: 'list desks by name',
    example: 'orrery desks list',
    async work(session) {
      const { listDesks } = await import('../commands/desks.ts');
      return listDesks(session);
    },
  });
  add(desks, {
    usage: 'show <desk>',
    summary: 'print a desk',
    example: 'orrery desks show solar',
    async work(session, _options, desk) {
      const { showDesk } = await import('../commands/desks.ts');
      return showDesk(session, desk ?? '');
    },
  });
}
