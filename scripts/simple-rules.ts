/** The yardsticks by which the synthetic market is shown to favour nobody; both decide at a close and are never half in. */
export type RulePositions = (close: Float64Array) => Int8Array;

/** Long while the mean of 20 closes is above that of 100, short while below. */
export const followTrend: RulePositions = (close) => {
  const positions = new Int8Array(close.length);
  for (let bar = 99; bar < close.length; bar++) {
    positions[bar] = Math.sign(mean(close, bar, 20) - mean(close, bar, 100));
  }
  return positions;
};

/** Against the move once the close is 3 % away from the mean of 48, until it is back there. */
export const fadeMoves: RulePositions = (close) => {
  const positions = new Int8Array(close.length);
  for (let bar = 48; bar < close.length; bar++) {
    const away = close[bar]! / mean(close, bar, 48) - 1;
    const held = positions[bar - 1]!;
    if (Math.abs(away) > 0.03) positions[bar] = -Math.sign(away);
    else positions[bar] = held * away < 0 ? held : 0;
  }
  return positions;
};

export const buyAndHold: RulePositions = (close) => new Int8Array(close.length).fill(1);

/** Return as a fraction, all equity in each position, with 10 basis points a side. */
export function ruleReturn(close: Float64Array, rule: RulePositions): number {
  const positions = rule(close);
  let equity = 1;
  let held = 0;
  for (let bar = 0; bar + 1 < close.length; bar++) {
    const position = positions[bar]!;
    equity *= 1 - 0.001 * Math.abs(position - held);
    equity *= 1 + position * (close[bar + 1]! / close[bar]! - 1);
    held = position;
  }
  return equity - 1;
}

function mean(values: Float64Array, last: number, length: number): number {
  let sum = 0;
  for (let index = last - length + 1; index <= last; index++) sum += values[index]!;
  return sum / length;
}
