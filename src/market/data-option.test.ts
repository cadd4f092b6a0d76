import { describe, expect, test } from 'vitest';
import { parseCandleSource, parseDataOption } from './data-option.ts';

describe('--data [SYMBOL=]FILE[@format]', () => {
  test.each([
    ['BTCUSDT_1h_2017-2023.csv', 'BTCUSDT', 'BTCUSDT_1h_2017-2023.csv', null],
    ['../data.d/AAPL.csv', 'AAPL', '../data.d/AAPL.csv', null],
    ['ETHUSDT=prices/eth.csv', 'ETHUSDT', 'prices/eth.csv', null],
    ['SPY=lean/spy.csv@lean-equity', 'SPY', 'lean/spy.csv', 'lean-equity'],
    ['BRK.B=brk.csv', 'BRK.B', 'brk.csv', null],
    ['BTC-USD.csv@csv', 'BTC-USD', 'BTC-USD.csv', 'csv'],
    ['./A=B.csv', 'A=B', './A=B.csv', null],
    ['X=me@home.csv', 'X', 'me@home.csv', null],
    ['X=you@host/a.csv', 'X', 'you@host/a.csv', null],
  ])('%s', (text, symbol, file, format) => {
    expect(parseDataOption(text)).toEqual({ symbol, file, format });
  });

  test.each([
    ['', 'names no file'],
    ['AAPL=', 'names no file'],
    ['=a.csv', 'no usable symbol'],
    ['a b=a.csv', 'no usable symbol'],
    ['a.csv@', 'no format'],
    ['.csv', 'gives no symbol'],
    ['AAPL (1).csv', 'gives no symbol'],
  ])('refuses "%s"', (text, reason) => {
    expect(() => parseDataOption(text)).toThrow(
      expect.objectContaining({ code: 'usage-invalid', message: expect.stringContaining(reason) }),
    );
  });
});

test('a file that is only looked at needs no symbol, but one that is announced must be usable', () => {
  expect(parseCandleSource('data check', 'AAPL (1).csv')).toEqual({
    symbol: null,
    file: 'AAPL (1).csv',
    format: null,
  });
  expect(() => parseCandleSource('data check', 'a b=a.csv')).toThrow(/^data check "a b=a.csv" has no usable/);
});
