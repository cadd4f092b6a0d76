import type { Command } from 'commander';

/** Collects the values of an option that may be given more than once. */
export function gather(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Which candles, and which stretch of them. */
export function withCandleOptions(command: Command): Command {
  return command
    .option('--data <file>', '[SYMBOL=]FILE[@format] with candles; repeatable', gather)
    .option('--from <time>', 'first bar, by its open; earlier bars warm up')
    .option('--to <time>', 'end, not included');
}

/** Candles, and what rules in code are given beside them. */
export function withStrategyOptions(command: Command): Command {
  return withCandleOptions(command)
    .option('--param <name=value>', "one of the strategy's parameters; repeatable", gather)
    .option('--factors <file>', '[SYMBOL=]FILE of splits and dividends in LEAN form; repeatable', gather);
}

export function withWideOption(command: Command): Command {
  return command.option('--wide', 'all columns');
}
