import type { Command } from 'commander';
import type { AddCommand } from '../add-command.ts';
import { gather, withStrategyOptions } from '../repeated-options.ts';

/** Rules in code: tested, and checked as desks are. */
export function addStrategyCommands(program: Command, add: AddCommand): void {
  addBacktest(program, add);
  addCheck(program, add);
}

function addBacktest(program: Command, add: AddCommand): void {
  const backtest = add(program, {
    usage: 'backtest <strategy...>',
    summary:
      'test rules in code over history: shipped names (docs/strategies.md) or files;\nseveral are shown side by side',
    example: 'orrery backtest sma-cross --data GOOG.csv --param fast=10 --param slow=30',
    async work(session, options, ...strategies) {
      const { backtest } = await import('../commands/backtest.ts');
      return backtest(session, options, strategies);
    },
  });
  withSweepOptions(withTradingOptions(withStrategyOptions(backtest)));
}

/** At what costs, and how orders are filled. */
function withTradingOptions(backtest: Command): Command {
  return backtest
    .option('--funding <file>', '[SYMBOL=]FILE of rates that longs pay shorts; repeatable', gather)
    .option('--cash <n>', 'money to begin with [10000]')
    .option('--commission <fraction>', 'of the traded value, a side [0.0005 equity, 0.001 crypto]')
    .option('--spread <fraction>', 'bid to ask, of the price [0.0002]')
    .option('--slippage <fraction>', 'beside the spread, for orders that do not wait at a limit [0]')
    .option('--volume-share <fraction>', "most of a bar's volume that fills take; the rest waits [all]")
    .option('--borrow <fraction>', 'cost of a short position, of its value a year [0]')
    .option('--margin <fraction>', 'share of a position to be covered; 0.2 is 5x leverage [1]')
    .option('--fractional', 'trade millionths of a unit instead of whole ones')
    .option('--trade-on-close', "orders fill at the next bar's close instead of its open")
    .option('--hedging', 'opposite orders open positions of their own')
    .option('--exclusive', 'each order closes what is held and cancels what waits')
    .option('--finalize', 'close at the last bar what is still open')
    .option('--compat', 'fill and count as kernc/backtesting.py does; no costs but those given')
    .option('--trades', 'add the list of trades to --json');
}

/** Many tests instead of one. */
function withSweepOptions(backtest: Command): Command {
  return backtest
    .option(
      '--sweep <name=from..to:step>',
      'try all these values; repeatable, every combination counts',
      gather,
    )
    .option('--workers <n>', 'threads of a sweep [one on each core]')
    .option(
      '--walk-forward <train:test>',
      'sweep the first days, test the best on the next; with :EMBARGO between',
    )
    .option('--monte-carlo <n>', 'draw the days of the test anew N times')
    .option('--seed <n>', 'seed of --monte-carlo [7]');
}

function addCheck(program: Command, add: AddCommand): void {
  const check = add(program, {
    usage: 'check <strategy|desk>',
    summary: 'look for looks into the future, short warm-up and odd sizes',
    example: 'orrery check sma-cross --data GOOG.csv',
    async work(session, options, subject) {
      const { check } = await import('../commands/check.ts');
      return check(session, options, subject ?? '');
    },
  });
  withStrategyOptions(check)
    .option('--cash <n>', "a strategy's money to begin with [10000]")
    .option('--fractional', 'let a strategy trade millionths of a unit');
}
