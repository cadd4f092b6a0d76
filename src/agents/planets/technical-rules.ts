import { OrreryError } from '../../core/index.ts';
import type { Answer } from '../answer.ts';
import type { EvidenceSheet } from '../evidence-sheet.ts';
import { sideOf } from '../side-of.ts';

/** One thing the rules look at: −1 speaks for falling, +1 for rising prices. */
interface Vote {
  /** In hundredths, so that a score lies exactly on its threshold where the table says so. */
  readonly weight: number;
  readonly direction: number;
  readonly text: string;
  readonly evidence: readonly string[];
}

const actAt = 0.45;
const wantedRiskPct = 2;
const largestSizePct = 40;
const fullScore = 100;
const stopDistance = { atrs: 2, leastPct: 0.5, mostPct: 4.5, withoutAtrPct: 3 } as const;

/** A vote needs all moons of its row. */
const moonsOfVotes = [['ema-50', 'ema-200'], ['adx-14'], ['macd'], ['rsi-14'], ['bollinger-20']] as const;

/** Whether the rules can ever say something to an agent of these moons. */
export function technicalRulesRead(moons: readonly string[]): boolean {
  return moonsOfVotes.some((needed) => needed.every((moon) => moons.includes(moon)));
}

/** What {@link technicalRulesRead} asks for, as advice. */
export const technicalRulesAdvice = 'Give it ema-50 and ema-200, adx-14, macd, rsi-14 or bollinger-20';

/**
 * The technical planet without a model. Votes of trend (ema-50 against ema-200, weight 0.35), direction (+DI against −DI
 * while adx-14 is above 25, 0.25), momentum (sign of the MACD histogram, 0.20), exhaustion (RSI beyond 30 or 70, 0.15)
 * and bands (close outside Bollinger, 0.05) are averaged over those whose moons the desk gave. From ±0.45 it acts;
 * a position against the sign of the score is closed. The stop is 2 ATR away, between 0.5 and 4.5 % of price.
 * @throws OrreryError `agents-invalid` when none of these moons is configured.
 */
export function decideTechnical(sheet: EvidenceSheet, held: number): Answer {
  const votes = [trend(sheet), direction(sheet), momentum(sheet), exhaustion(sheet), bands(sheet)].filter(
    (vote) => vote !== null,
  );
  if (votes.length === 0) {
    throw new OrreryError('agents-invalid', 'the technical rules read none of the moons this agent has', {
      hint: `${technicalRulesAdvice}.`,
    });
  }
  const weights = votes.reduce((sum, vote) => sum + vote.weight, 0);
  const score = votes.reduce((sum, vote) => sum + vote.weight * vote.direction, 0) / weights;
  const keyFactors = votes.map(({ text, evidence }) => ({ text, evidence }));
  const strength = Math.abs(score);
  if (strength >= actAt) return open(sheet, score, keyFactors);
  if (held !== 0 && Math.sign(score) === -Math.sign(held)) {
    return {
      action: 'CLOSE',
      confidence: strength,
      reasoning:
        'The balance of the signs has turned against the position, though not far enough to open the other way.',
      keyFactors,
      sizePct: null,
      stop: null,
    };
  }
  return {
    action: 'HOLD',
    confidence: 1 - strength,
    reasoning: 'The signs contradict each other or are too weak to act on.',
    keyFactors,
    sizePct: null,
    stop: null,
  };
}

function open(sheet: EvidenceSheet, score: number, keyFactors: Answer['keyFactors']): Answer {
  const up = score > 0;
  const close = sheet.value('close') ?? 0;
  const atr = sheet.value('atr-14');
  const wantedPct = atr === null ? stopDistance.withoutAtrPct : (stopDistance.atrs * atr * 100) / close;
  const distancePct = Math.min(stopDistance.mostPct, Math.max(stopDistance.leastPct, wantedPct));
  const confidence = Math.abs(score);
  return {
    action: up ? 'BUY' : 'SELL',
    confidence,
    reasoning: `Most signs point ${up ? 'up' : 'down'}. The stop lies two average ranges away, within half to four and a half per cent.`,
    keyFactors:
      atr === null
        ? keyFactors
        : [...keyFactors, { text: 'stop set by the average range', evidence: sheet.ids('close', 'atr-14') }],
    sizePct: Math.min(largestSizePct, (confidence * wantedRiskPct * 100) / distancePct),
    stop: up ? close * (1 - distancePct / 100) : close * (1 + distancePct / 100),
  };
}

function trend(sheet: EvidenceSheet): Vote | null {
  const fast = sheet.value('ema-50');
  const slow = sheet.value('ema-200');
  if (fast === null || slow === null) return null;
  const side = sideOf(fast - slow, slow);
  return {
    weight: 35,
    direction: side,
    text:
      side === 0
        ? 'no trend: ema-50 equals ema-200'
        : side > 0
          ? 'trend up: ema-50 above ema-200'
          : 'trend down: ema-50 not above ema-200',
    evidence: sheet.ids('ema-50', 'ema-200'),
  };
}

function direction(sheet: EvidenceSheet): Vote | null {
  const strength = sheet.value('adx-14');
  const plus = sheet.value('adx-14.plus-di');
  const minus = sheet.value('adx-14.minus-di');
  if (strength === null || plus === null || minus === null) return null;
  const strong = strength > 25;
  const side = sideOf(plus - minus, fullScore);
  const way = side === 0 ? 'undirected' : side > 0 ? 'upward' : 'downward';
  return {
    weight: 25,
    direction: strong ? side : 0,
    text: strong ? `strong ${way} movement: adx-14 above 25` : 'no strong movement: adx-14 not above 25',
    evidence: sheet.ids('adx-14', 'adx-14.plus-di', 'adx-14.minus-di'),
  };
}

function momentum(sheet: EvidenceSheet): Vote | null {
  const histogram = sheet.value('macd.histogram');
  const close = sheet.value('close');
  if (histogram === null || close === null) return null;
  const side = sideOf(histogram, close);
  return {
    weight: 20,
    direction: side,
    text:
      side > 0 ? 'momentum rising: MACD above its signal' : 'momentum not rising: MACD not above its signal',
    evidence: sheet.ids('macd', 'macd.signal', 'macd.histogram'),
  };
}

function exhaustion(sheet: EvidenceSheet): Vote | null {
  const rsi = sheet.value('rsi-14');
  if (rsi === null) return null;
  const [side, text] =
    rsi > 70
      ? [-1, 'overbought: rsi-14 over 70']
      : rsi >= 30
        ? [0, 'rsi-14 between 30 and 70']
        : rsi > 0
          ? [1, 'oversold: rsi-14 under 30']
          : // The convention where nothing has moved, which is no exhaustion.
            [0, 'rsi-14 is 0: nothing has risen yet'];
  return { weight: 15, direction: side, text, evidence: sheet.ids('rsi-14') };
}

function bands(sheet: EvidenceSheet): Vote | null {
  const close = sheet.value('close');
  const upper = sheet.value('bollinger-20.upper');
  const lower = sheet.value('bollinger-20.lower');
  if (close === null || upper === null || lower === null) return null;
  const side = close < lower ? 1 : close > upper ? -1 : 0;
  const place = side === 0 ? 'inside' : side > 0 ? 'below' : 'above';
  return {
    weight: 5,
    direction: side,
    text: `close ${place} the Bollinger bands`,
    evidence: sheet.ids('close', 'bollinger-20.upper', 'bollinger-20.lower'),
  };
}
