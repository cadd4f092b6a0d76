import { expect, test } from 'vitest';
import { flatBars, marketOf } from '../../test/candles.ts';
import { keptIndicators } from './sweep-indicators.ts';

const seriesOf = (symbol: string) => marketOf(symbol, flatBars(Array(100).fill(1))).series;

test('candles keep their indicators until all that is kept fills the room', () => {
  const [one, other] = [seriesOf('SYN-A'), seriesOf('SYN-B')];
  const indicatorsOf = keptIndicators(250);
  const first = indicatorsOf(one);
  const compute = (name: string) => {
    first.column(name);
    first.advance(one.length);
  };
  compute('sma-5');
  expect(indicatorsOf(one)).toBe(first);
  expect(indicatorsOf(other)).not.toBe(first);
  compute('sma-6');
  compute('sma-7');
  expect(indicatorsOf(one)).not.toBe(first);
});
