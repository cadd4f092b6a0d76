import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atOnce, heardFrom, positionOf, proposalOf, voiceOf } from '../../../test/council.ts';
import { situationAt } from '../../../test/decisions.ts';
import { fitting } from '../../../test/fitting-answers.ts';
import { noMind, oneCall, providerDown, type Reply, scriptedMind } from '../../../test/scripted-mind.ts';
import { shippedPrompts } from '../../../test/shipped-prompts.ts';
import type { DecisionRecord } from '../../core/index.ts';
import type { JsonSchema } from '../../llm/index.ts';
import type { RiskAnswer } from '../answer.ts';
import type { Mind } from '../mind.ts';
import { readPrompt } from '../prompt.ts';
import type { PlanetSettings } from './planet.ts';
import { createRiskOfficer } from './risk-officer.ts';

const now = situationAt(40);
const settings: PlanetSettings = {
  name: 'rita',
  role: 'risk-officer',
  decider: ['llm', 'rules'],
  profile: 'risk',
};
const prompt = readPrompt('risk-officer', shippedPrompts);
const officer = (mind: Mind = noMind(), change: Partial<PlanetSettings> = {}) =>
  createRiskOfficer({ ...settings, ...change }, prompt, mind);
const minding = (reply: Reply) => scriptedMind({ risk: 'local/any' }, reply);

const approval: RiskAnswer = {
  ...{
    approved: true,
    adjustedSize: null,
    riskScore: 0.25,
    reasoning: 'Fine, see [e1].',
    warnings: ['a gap'],
  },
  keyFactors: [{ text: 'the stop', evidence: ['e5'] }],
};
const proposal = proposalOf(now, 'tina', 'BUY', { confidence: 0.55 });
const heard = (...records: readonly DecisionRecord[]) => [
  heardFrom('tina', [voiceOf(now, 'tina', 'BUY', 0.8), ...records]),
];

async function judged(mind: Mind, one: DecisionRecord = proposal): Promise<DecisionRecord> {
  const { records } = await officer(mind)(now, heard(one));
  expect(records).toHaveLength(1);
  return records[0]!;
}

describe('a verdict', () => {
  test('by rules names the proposal it is on and keeps its side, size and stop', () => {
    const { records, missing } = atOnce(officer()(now, heard(proposal)));
    expect(missing).toEqual([]);
    expect(records).toMatchObject([
      {
        ...{ id: 'r.41.rita.tina', kind: 'verdict', agent: 'rita', parents: ['r.41.tina.proposal'] },
        ...{ action: 'BUY', stance: 'LONG', size: 10, stop: 97, source: 'rules', fellBack: false },
        inputs: { proposer: 'tina' },
      },
    ]);
    // The example of docs/rules.md: 3 % away, no drawdown, confidence 0.55.
    expect(records[0]?.verdict?.riskScore).toBeCloseTo(0.4125, 12);
    expect(records[0]?.confidence).toBeCloseTo(0.5875, 12);
  });

  test('by a model carries its words, warnings, factors and cost', async () => {
    expect(await judged(minding(() => ({ ...approval, adjustedSize: 4 })))).toMatchObject({
      ...{ source: 'llm', fellBack: false, size: 4, confidence: 0.75, costUsd: oneCall.costUsd },
      ...{ reasoning: approval.reasoning, keyFactors: approval.keyFactors },
      verdict: { approved: true, adjustedSize: 4, riskScore: 0.25, warnings: ['a gap'] },
    });
  });

  test('that refuses leaves nothing of the size', async () => {
    const refusal = await judged(minding(() => ({ ...approval, approved: false })));
    expect(refusal).toMatchObject({ size: 0, verdict: { approved: false } });
    const without = atOnce(officer()(now, heard(proposalOf(now, 'tina', 'SELL', { stop: null })))).records[0];
    expect(without).toMatchObject({ size: 0, verdict: { approved: false, riskScore: 1 } });
    expect(without?.missing).toContainEqual({ name: 'stop', reason: 'absent' });
  });

  test('comes from rules, marked and unsure, where the configured provider failed', async () => {
    expect(await judged(minding(providerDown))).toMatchObject({
      ...{ source: 'rules', fellBack: true, confidence: 0.3, provider: 'local', costUsd: oneCall.costUsd },
      verdict: { approved: true },
    });
    // Never surer than the rules themselves: here 1 − (0.5 + 0.25 × 0.45 …).
    const risky = proposalOf(now, 'tina', 'BUY', { stop: 95, confidence: 0 });
    const unsure = await judged(minding(providerDown), risky);
    expect(unsure.confidence).toBeCloseTo(0.25, 12);
  });

  test('fails with the provider where only a model may judge', async () => {
    const alone = officer(minding(providerDown), { decider: ['llm'] });
    await expect(alone(now, heard(proposal))).rejects.toMatchObject({ code: 'provider-failed' });
    expect(() => officer(noMind(), { decider: ['llm'] })(now, heard(proposal))).toThrow(
      expect.objectContaining({ code: 'provider-failed', retryable: false }),
    );
  });

  test('is given on every proposal of this bar, and on none of an older one', () => {
    const earlier = situationAt(39);
    const records = [proposal, proposalOf(now, 'sam', 'SELL'), proposalOf(earlier, 'old', 'BUY')];
    const report = atOnce(officer()(now, heard(...records)));
    expect(report.records.map(({ id }) => id)).toEqual(['r.41.rita.tina', 'r.41.rita.sam']);
  });

  test('is not given where nobody proposes or could be heard: nothing to say is nothing missing', () => {
    const mind = minding(providerDown);
    const nobody = [...heard(), heardFrom('sam', [], { report: null })];
    expect(atOnce(officer(mind)(now, nobody))).toEqual({ records: [], missing: [] });
    expect(mind.questions).toEqual([]);
  });
});

describe('whatever a model answers', () => {
  const size = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e6, noNaN: true }));

  test('within its schema, the proposal is never enlarged nor moved', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.infiniteStream(fc.nat()), async (units, seeds) => {
        const mind = minding(({ schema }) => {
          const [answer] = fc.sample(fitting(schema as JsonSchema), {
            numRuns: 1,
            seed: seeds.next().value ?? 0,
          });
          return answer!;
        });
        const verdict = await judged(mind, proposalOf(now, 'tina', 'BUY', { size: units }));
        expect(verdict.size).toBeLessThanOrEqual(units);
        expect(verdict).toMatchObject({ action: 'BUY', stop: 97 });
        if (verdict.verdict?.approved === false) expect(verdict.size).toBe(0);
      }),
    );
  });

  test('beyond its schema neither', async () => {
    const wild = fc.option(fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(1e308, -5)));
    await fc.assert(
      fc.asyncProperty(size, wild, fc.boolean(), async (units, adjustedSize, approved) => {
        const mind = minding(() => ({ ...approval, keyFactors: [], adjustedSize, approved }));
        const { size: left, verdict } = await judged(mind, proposalOf(now, 'tina', 'BUY', { size: units }));
        expect(left).toBeLessThanOrEqual(units);
        expect(verdict?.adjustedSize ?? 0).toBeLessThanOrEqual(units);
      }),
    );
  });
});

test('on the wire stand proposer, action, every number of the proposal, and its size as the most there can be', async () => {
  const mind = minding(() => ({ ...approval, keyFactors: [] }));
  const situation = {
    ...{ ...now, position: positionOf(-2) },
    account: { equity: 9_000, cash: 4_000.5, drawdownPct: 10 },
  };
  const [one, other] = [proposal, proposalOf(now, 'sam', 'SELL', { size: 0.25, stop: null })];
  await officer(mind)(situation, heard(one, other));
  expect(mind.questions.map(({ scope }) => scope)).toEqual(['41.rita.tina', '41.rita.sam']);
  expect(mind.questions[0]).toMatchObject({ role: 'risk-officer', profile: 'risk', system: prompt.system });
  expect(
    mind.questions[0]?.user,
  ).toBe(`tina proposes to BUY A (bars of 1h, close at 1970-01-02T17:00:00.000Z). Position of the desk: short.

Evidence:
[e1] close = 100 USD
[e2] size = 10 units
[e3] size-pct = 10 %
[e4] confidence = 0.55 score
[e5] stop = 97 USD
[e6] stop-distance-pct = 3 %
[e7] equity = 9000 USD
[e8] cash = 4000.5 USD
[e9] drawdown-pct = 10 %
[e10] position = -2 units`);
  expect(mind.questions[1]?.user).toContain('sam proposes to SELL A');
  expect(mind.questions[1]?.user).toContain(
    '[e5] stop missing: absent\n[e6] stop-distance-pct missing: absent',
  );
  const maxima = mind.questions.map(
    ({ schema }) => (schema as JsonSchema).properties?.['adjustedSize']?.maximum,
  );
  expect(maxima).toEqual([10, 0.25]);
});

test('a verdict says what its model was not shown of the evidence', async () => {
  const tight = { ...prompt, budgets: { evidence: 50 } };
  const judge = (mind: Mind) => createRiskOfficer(settings, tight, mind)(now, heard(proposal));
  const { records } = await judge(minding(() => approval));
  expect(records[0]).toMatchObject({ source: 'llm', inputs: { proposer: 'tina', leftOut: { evidence: 7 } } });
  expect(records[0]?.evidence).toHaveLength(10);
  const fallen = await judge(minding(providerDown));
  expect(fallen.records[0]?.inputs).not.toHaveProperty('leftOut');
});
