import { expect, test } from 'vitest';
import { createSyntheticMarket } from '../market/index.ts';
import { linesOf } from './lines.ts';
import type { Line } from './strategy.ts';

const start = Date.UTC(2024, 0, 1);
const made = createSyntheticMarket({ seed: 1, symbols: ['SYN-A'], timeframe: '1h', bars: 50, start });
const series = made.series[0]!;

const open = (lines: Readonly<Record<string, Line>>) => () => linesOf(lines, series);

test.each(['open', 'high', 'low', 'close', 'volume'] as const)('no line may be named %s', (name) => {
  for (const line of ['sma-5', () => series.close] as const) {
    expect(open({ [name]: line })).toThrow(
      expect.objectContaining({
        code: 'strategy-invalid',
        message: `a line must not be named "${name}": that is the candles' own`,
        hint: `Give it another name, such as ${name}Line; indicator('${name}') reads the candles.`,
      }),
    );
  }
  expect(linesOf({}, series).column(name)).toEqual(series[name]);
});

test.each([
  ['smaa-20', 'there is no indicator "smaa-20". Did you mean sma-20?'],
  ['RSI-14', 'there is no indicator "RSI-14". Did you mean rsi-14?'],
  ['magic', 'there is no indicator "magic". Names are written like sma-20, rsi-14 or macd.signal.'],
])('an indicator that does not exist, %s, in one line that can be read', (name, words) => {
  expect(open({ trend: name })).toThrow(
    expect.objectContaining({
      code: 'strategy-invalid',
      message: `line "trend": ${words}`,
      hint: 'docs/indicators.md lists all indicators.',
    }),
  );
});
