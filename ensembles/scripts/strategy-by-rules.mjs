// What one strategist would do, by rules alone: {action, confidence, reasoning, stopDistance}.
import { readTurn } from './values-of.mjs';

const { numbers: n, failed } = await readTurn();
const hold = (reasoning) => ({ action: 'HOLD', confidence: 0.5, reasoning });
const lean = (up, confidence, reasoning) => ({ action: up ? 'BUY' : 'SELL', confidence, reasoning });
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

const strategists = {
  'trend-following': {
    needs: ['ema-50', 'ema-200', 'adx-14'],
    judge: () =>
      n['adx-14'] < 20
        ? hold('no trend to follow')
        : lean(n['ema-50'] > n['ema-200'], clamp(n['adx-14'] / 60, 0.3, 0.8), 'the averages and the strength of the trend'),
  },
  'momentum-following': {
    needs: ['macd', 'macd.signal', 'rsi-14'],
    judge: () => {
      const up = n.macd > n['macd.signal'];
      return (up && n['rsi-14'] > 75) || (!up && n['rsi-14'] < 25)
        ? hold('momentum is stretched too far to join')
        : lean(up, 0.5, 'momentum against its signal');
    },
  },
  'mean-reversion': {
    needs: ['bollinger-20.percent-b', 'rsi-14'],
    judge: () => {
      const place = n['bollinger-20.percent-b'];
      if (place > 0.95 && n['rsi-14'] > 65) return lean(false, 0.55, 'at the upper band, and stretched');
      if (place < 0.05 && n['rsi-14'] < 35) return lean(true, 0.55, 'at the lower band, and stretched');
      return hold('within the usual range');
    },
  },
};

const { needs, judge } = strategists[process.argv[2]];
const missing = needs.filter((name) => n[name] == null);
if (missing.length > 0) {
  const unread = missing.some((name) => n[name] === undefined);
  console.error(unread ? `not read: ${failed.join('; ')}` : `not enough bars for ${missing.join(', ')}`);
  process.exit(1);
}
const range = n['atr-14'];
console.log(JSON.stringify({ ...judge(), stopDistance: range == null ? null : 2 * range }));
