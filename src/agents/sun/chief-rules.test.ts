import { describe, expect, test } from 'vitest';
import { positionOf, proposalOf, voiceOf } from '../../../test/council.ts';
import { situationAt } from '../../../test/decisions.ts';
import type { Action, Side } from '../../core/index.ts';
import { EvidenceSheet } from '../evidence-sheet.ts';
import { decideByVote } from './chief-rules.ts';

const now = situationAt(40);

/** Voices `a`, `b` … with their confidence; a proposal on each side named. */
function vote(
  voices: readonly (readonly [Action, number])[],
  { held = 0, proposals = ['BUY', 'SELL'] }: { held?: number; proposals?: readonly Side[] } = {},
) {
  const sheet = new EvidenceSheet(now.at);
  const spoken = voices.map(([action, confidence], index) => {
    const agent = String.fromCharCode(97 + index);
    sheet.add(agent, confidence, 'score');
    return voiceOf(now, agent, action, confidence);
  });
  return decideByVote(
    sheet,
    spoken,
    proposals.map((side) => proposalOf(now, `p-${side}`, side)),
    held === 0 ? null : positionOf(held),
  );
}

describe('flat', () => {
  test.each<[readonly (readonly [Action, number])[], string, number]>([
    // The examples of docs/rules.md.
    [
      [
        ['BUY', 0.55],
        ['BUY', 0.21],
      ],
      'BUY',
      0.38,
    ],
    [
      [
        ['BUY', 0.55],
        ['HOLD', 0.9],
      ],
      'HOLD',
      0.725,
    ],
    // Exactly 0.3 acts.
    [[['BUY', 0.3]], 'BUY', 0.3],
    [
      [
        ['SELL', 0.35],
        ['SELL', 0.25],
      ],
      'SELL',
      0.3,
    ],
    [[['SELL', 0.299]], 'HOLD', 0.701],
    // HOLD and CLOSE count as voices at 0, not as absent ones.
    [
      [
        ['SELL', 0.9],
        ['HOLD', 1],
        ['CLOSE', 1],
      ],
      'SELL',
      0.3,
    ],
    // A tie.
    [
      [
        ['BUY', 0.8],
        ['SELL', 0.8],
      ],
      'HOLD',
      1,
    ],
    [[['HOLD', 0.2]], 'HOLD', 1],
    [[['CLOSE', 0.9]], 'HOLD', 1],
  ])('%j comes to %s with confidence %d', (voices, action, confidence) => {
    const answer = vote(voices);
    expect(answer).toMatchObject({ action, sizePct: null, stop: null });
    expect(answer.confidence).toBeCloseTo(confidence, 12);
  });

  test('opens only where a proposal on that side is left, and says so', () => {
    expect(vote([['BUY', 0.9]], { proposals: ['SELL'] })).toMatchObject({
      action: 'HOLD',
      reasoning: expect.stringContaining('no proposal to BUY'),
    });
  });
});

describe('with a position', () => {
  test.each<[number, readonly (readonly [Action, number])[], readonly Side[], string, number]>([
    // On its side already: no second opening.
    [5, [['BUY', 0.9]], ['BUY'], 'HOLD', 0.9],
    [-5, [['SELL', 0.1]], [], 'HOLD', 0.1],
    // 0.15 against it closes, less does not.
    [5, [['SELL', 0.15]], [], 'CLOSE', 0.15],
    [5, [['SELL', 0.149]], [], 'HOLD', 0.851],
    [-5, [['BUY', 0.15]], [], 'CLOSE', 0.15],
    [-5, [['BUY', 0.9]], [], 'CLOSE', 0.9],
    // A strong opposite vote with a proposal reverses.
    [5, [['SELL', 0.9]], ['SELL'], 'SELL', 0.9],
    [-5, [['BUY', 0.3]], ['BUY'], 'BUY', 0.3],
    // One voice that says CLOSE is enough, whatever the others say, unless the desk reverses.
    [
      5,
      [
        ['CLOSE', 0.1],
        ['BUY', 0.9],
      ],
      [],
      'CLOSE',
      0.45,
    ],
    [5, [['CLOSE', 0.1]], [], 'CLOSE', 0.15],
    [
      5,
      [
        ['CLOSE', 0.1],
        ['SELL', 0.9],
      ],
      ['SELL'],
      'SELL',
      0.45,
    ],
    // Nothing for it, nothing against it.
    [5, [['HOLD', 0.9]], [], 'HOLD', 1],
  ])(
    'of %d units, %j with proposals %j comes to %s with confidence %d',
    (held, voices, proposals, action, confidence) => {
      const answer = vote(voices, { held, proposals });
      expect(answer.action).toBe(action);
      expect(answer.confidence).toBeCloseTo(confidence, 12);
    },
  );
});

test('each voice is a key factor with its own evidence', () => {
  expect(
    vote([
      ['BUY', 0.5],
      ['HOLD', 0.5],
    ]).keyFactors,
  ).toEqual([
    { text: 'a says BUY', evidence: ['e1'] },
    { text: 'b says HOLD', evidence: ['e2'] },
  ]);
});

test('a CLOSE that was said before the position was opened does not close it', () => {
  const sheet = new EvidenceSheet(now.at);
  const voices = [voiceOf(situationAt(30), 'a', 'CLOSE', 0.5)];
  const opened = (index: number) => ({ ...positionOf(5), openedAt: situationAt(index).at });
  expect(decideByVote(sheet, voices, [], opened(31)).action).toBe('HOLD');
  expect(decideByVote(sheet, voices, [], opened(29)).action).toBe('CLOSE');
});
