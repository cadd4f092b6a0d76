// A brief in plain words of what the calculators read, by rules alone.
import { readTurn } from './values-of.mjs';

const { numbers, failed, at, close } = await readTurn();
if (at === null) {
  console.error(`nothing could be read; ${failed.join('; ')}`);
  process.exit(1);
}
const figure = (value, digits = 1) => value.toFixed(digits);
const known = (names, say) => {
  if (names.some((name) => numbers[name] === undefined)) return `${names.join(', ')}: not read (${failed.join('; ')}).`;
  return names.every((name) => numbers[name] !== null)
    ? say(...names.map((name) => numbers[name]))
    : `${names.join(', ')}: not enough bars.`;
};

const sentences = [
  `By rules, not by a model, at the close of ${at}${close === null ? '' : ` at ${figure(close, 2)}`}.`,
  known(['ema-50', 'ema-200', 'adx-14'], (fast, slow, strength) => {
    const way = fast > slow ? 'up' : 'down';
    const how = strength >= 25 ? 'a strong trend' : strength >= 20 ? 'a weak trend' : 'no trend to speak of';
    return `The averages point ${way} (fast ${figure(fast, 2)}, slow ${figure(slow, 2)}); directional strength ${figure(strength)} is ${how}.`;
  }),
  known(['rsi-14', 'macd', 'macd.signal'], (rsi, macd, signal) => {
    const stretched = rsi > 70 ? 'stretched upwards' : rsi < 30 ? 'stretched downwards' : 'in its middle range';
    return `Relative strength ${figure(rsi)} is ${stretched}; momentum ${macd > signal ? 'builds' : 'fades'}.`;
  }),
  known(['bollinger-20.percent-b', 'atr-14'], (place, range) => {
    const where = place > 1 ? 'above its bands' : place < 0 ? 'below its bands' : `at ${figure(place * 100, 0)} % of its bands`;
    return `The price stands ${where}; a bar usually moves ${figure(range, 2)}.`;
  }),
  known(['adx-14', 'bollinger-20.upper', 'bollinger-20.lower'], (strength, upper, lower) =>
    strength >= 20
      ? `A close on the other side of the fast average would change the picture.`
      : `A close outside ${figure(lower, 2)} to ${figure(upper, 2)} would change the picture.`,
  ),
];
console.log(sentences.join(' '));
