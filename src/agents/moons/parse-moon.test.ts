import { expect, test } from 'vitest';
import { OrreryError } from '../../core/index.ts';
import { moonFamilies, moonUsage, parseMoon } from './index.ts';

test('every moon of the contract is there', () => {
  expect(moonFamilies.map(moonUsage)).toEqual(
    expect.arrayContaining(
      'adx-N atr-N bollinger-N ema-N macd regime rsi-N sma-N swing-levels volatility volume volume-24h'.split(
        ' ',
      ),
    ),
  );
});

test.each(['ema-50', 'ema-200', 'rsi-14', 'macd', 'bollinger-20', 'volume', 'volume-24h', 'swing-levels'])(
  '%s keeps its name',
  (name) => {
    expect(parseMoon(name).name).toBe(name);
  },
);

test.each([
  ['emma-50', 'there is no moon "emma-50"', 'Did you mean ema-50?'],
  ['EMA-50', 'there is no moon "EMA-50"', 'Did you mean ema-50?'],
  ['ema50', 'there is no moon "ema50"', 'Did you mean ema-50?'],
  ['bolinger-20', 'there is no moon "bolinger-20"', 'Did you mean bollinger-20?'],
  ['volume24h', 'there is no moon "volume24h"', 'Did you mean volume-24h?'],
  ['horoscope', 'there is no moon "horoscope"', 'Moons are adx-N, atr-N,'],
  ['', 'there is no moon ""', 'Moons are adx-N, atr-N,'],
  ['toString-3', 'there is no moon "toString-3"', 'Moons are adx-N, atr-N,'],
  ['adx-14.plus-di', 'there is no moon "adx-14.plus-di"', 'A moon brings all its values: write adx-14.'],
  ['macd.signal', 'there is no moon "macd.signal"', 'A moon brings all its values: write macd.'],
  ['star.dust', 'there is no moon "star.dust"', 'Moons are adx-N, atr-N,'],
  ['ema', 'the moon "ema" needs a number', 'from 2 to 10000, such as ema-20'],
  ['macd-12', 'the moon "macd" takes no number, got "macd-12"', 'Write macd.'],
  [
    'ema-0',
    'the number in the moon "ema-0" is not valid',
    'Write ema-N with a whole number N from 2 to 10000.',
  ],
  ['ema-10001', 'the number in the moon "ema-10001" is not valid', 'from 2 to 10000'],
  ['ema-050', 'the number in the moon "ema-050" is not valid', 'from 2 to 10000'],
  ['ema-2.5', 'there is no moon "ema-2.5"', 'Moons are'],
  ['ema--5', 'there is no moon "ema--5"', 'Did you mean ema-5?'],
])('%s is refused: %s; %s', (name, message, hint) => {
  const refuse = () => parseMoon(name);
  expect(refuse).toThrow(OrreryError);
  expect(refuse).toThrow(
    expect.objectContaining({ code: 'moon-unknown', message, hint: expect.stringContaining(hint) }),
  );
});
