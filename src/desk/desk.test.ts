import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decisionOf, signalOf, situationAt } from '../../test/decisions.ts';
import { type AgentReport, type ErrorCode, OrreryError } from '../core/index.ts';
import type { Agent, Conclusion, Decider, Heard, Situation } from '../engine/index.ts';
import type { Cadence } from './cadence.ts';
import { createDesk, type DeskAgent, type DeskParts, everyBar } from './index.ts';

const speaks =
  (name: string): Agent =>
  (situation) => ({
    records: [signalOf(situation, name, `${name} on bar ${situation.index}`)],
    missing: [],
  });
const fails =
  (code: ErrorCode): Agent =>
  () => {
    throw new OrreryError(code, `no ${code}`);
  };
const later =
  (agent: Agent): Agent =>
  async (situation, heard) => {
    await null;
    return agent(situation, heard);
  };

/** `technical 0: technical on bar 7`: who, how many bars ago, what; `technical –` when nothing was heard. */
function hearing({ agent, report, ageBars }: Heard): string {
  if (report === null) return `${agent} –`;
  return `${agent} ${ageBars}: ${report.records.map(({ reasoning }) => reasoning).join()}`;
}

/** Decides to say what it heard. */
const chiefAgent: Agent = (situation, heard) => ({
  records: [decisionOf(situation, { reasoning: heard.map(hearing).join(' | ') })],
  missing: [],
});

const agentOf = (name: string, agent: Agent, fields: Partial<DeskAgent> = {}): DeskAgent => ({
  name,
  dependsOn: [],
  required: true,
  every: everyBar,
  agent,
  ...fields,
});

interface Setting {
  readonly planets?: readonly DeskAgent[];
  readonly chief?: Agent;
  readonly parts?: Partial<DeskParts>;
  readonly state?: unknown;
}

function deskOf({
  planets = [agentOf('technical', speaks('technical'))],
  chief = chiefAgent,
  parts,
  state,
}: Setting) {
  const alerts: string[] = [];
  const decider = createDesk(
    {
      agents: [...planets, agentOf('chief', chief, { dependsOn: planets.map(({ name }) => name) })],
      chief: 'chief',
      hold: (situation, why) => decisionOf(situation, { source: 'hold', rung: 'hold', reasoning: why }),
      execute: () => null,
      notices: { warn: () => undefined, alert: (text) => alerts.push(text) },
      ...parts,
    },
    state,
  );
  return { decider, alerts };
}

/** The answer of a desk of which no agent takes time. */
function conclusionOf(decider: Decider, situation: Situation): Conclusion {
  const conclusion = decider.decide(situation);
  if (conclusion instanceof Promise) throw new Error('nobody should have had to wait');
  return conclusion;
}
const reasoningAt = (decider: Decider, index: number, symbol?: string) =>
  conclusionOf(decider, situationAt(index, symbol)).decision.reasoning;

describe('a desk on one bar', () => {
  test('hands the chief what the others said, and everything on', () => {
    const planets = [
      agentOf('technical', speaks('technical')),
      agentOf('sentiment', speaks('sentiment'), { required: false }),
    ];
    const heardBy: Heard[] = [];
    const chief: Agent = (situation, heard) => {
      heardBy.push(...heard);
      return chiefAgent(situation, heard);
    };
    const request = { instrument: 'A', side: 'BUY' as const, quantity: 1, stop: 99 };
    const { decider } = deskOf({ planets, chief, parts: { execute: () => request } });
    const { decision, voices, request: asked } = conclusionOf(decider, situationAt(7));
    expect(decision.reasoning).toBe('technical 0: technical on bar 7 | sentiment 0: sentiment on bar 7');
    expect(voices.map(({ id }) => id)).toEqual(['r.8.technical', 'r.8.sentiment']);
    expect(asked).toBe(request);
    expect(heardBy.map(({ agent, required }) => [agent, required])).toEqual([
      ['technical', true],
      ['sentiment', false],
    ]);
  });

  test('one slow agent makes the answer a promise of the same', async () => {
    const planets = [
      agentOf('technical', later(speaks('technical'))),
      agentOf('sentiment', speaks('sentiment')),
    ];
    const slow = deskOf({ planets }).decider.decide(situationAt(3));
    expect(slow).toBeInstanceOf(Promise);
    const swift = deskOf({
      planets: [agentOf('technical', speaks('technical')), agentOf('sentiment', speaks('sentiment'))],
    });
    expect(await slow).toEqual(conclusionOf(swift.decider, situationAt(3)));
  });
});

describe('failures', () => {
  const failing = [agentOf('technical', speaks('technical')), agentOf('sentiment', fails('provider-failed'))];

  test('of an agent are data for the chief and one alert for the person', () => {
    const { decider, alerts } = deskOf({ planets: failing });
    const { decision, voices } = conclusionOf(decider, situationAt(2));
    expect(decision).toMatchObject({
      source: 'rules',
      reasoning: 'technical 0: technical on bar 2 | sentiment –',
    });
    expect(voices.map(({ agent }) => agent)).toEqual(['technical']);
    expect(alerts).toEqual([
      'sentiment could not answer: no provider-failed. It counts as failed, not as neutral.',
    ]);
  });

  test('of the chief give a decision to hold that says why', () => {
    const { decider, alerts } = deskOf({ chief: fails('answer-invalid') });
    const { decision, voices } = conclusionOf(decider, situationAt(2));
    expect(decision).toMatchObject({ source: 'hold', reasoning: 'answer-invalid' });
    expect(voices.map(({ agent }) => agent)).toEqual(['technical']);
    expect(alerts).toEqual([
      'chief could not answer: no answer-invalid. It counts as failed, not as neutral.',
    ]);
  });

  test('a chief that says nothing holds too', () => {
    const silent: Agent = (): AgentReport => ({ records: [], missing: [] });
    const { decider } = deskOf({ chief: silent });
    expect(conclusionOf(decider, situationAt(2)).decision).toMatchObject({
      source: 'hold',
      reasoning: 'it gave no decision',
    });
  });

  test.each<ErrorCode>(['provider-failed', 'provider-refused', 'answer-invalid'])(
    '%s does not end the run, of whomever, at once or later',
    async (code) => {
      for (const broken of [fails(code), later(fails(code))]) {
        const { decider } = deskOf({ planets: [agentOf('technical', broken)], chief: broken });
        expect((await decider.decide(situationAt(2))).decision.source).toBe('hold');
      }
    },
  );

  test.each<ErrorCode>([
    'recording-miss',
    'recording-altered',
    'future-read',
    'database-failed',
    'order-forged',
  ])('%s ends the run, of whomever, at once or later', async (code) => {
    const asPlanet = (broken: Agent) => deskOf({ planets: [agentOf('technical', broken)] }).decider;
    const asChief = (broken: Agent) => deskOf({ chief: broken }).decider;
    for (const deciderOf of [asPlanet, asChief]) {
      expect(() => deciderOf(fails(code)).decide(situationAt(2))).toThrow(
        expect.objectContaining({ code, message: `no ${code}` }),
      );
      await expect(deciderOf(later(fails(code))).decide(situationAt(2))).rejects.toMatchObject({ code });
    }
  });
});

describe('an agent that is not due', () => {
  const every = (cadence: Cadence) => [agentOf('technical', speaks('technical'), { every: cadence })];
  const everyFourth: Cadence = { kind: 'bars', bars: 4 };

  test('is heard with its last report and the age of it', () => {
    const { decider } = deskOf({ planets: every(everyFourth) });
    expect([0, 1, 2, 3, 4, 5].map((index) => reasoningAt(decider, index))).toEqual([
      'technical 0: technical on bar 0',
      'technical 1: technical on bar 0',
      'technical 2: technical on bar 0',
      'technical 3: technical on bar 0',
      'technical 0: technical on bar 4',
      'technical 1: technical on bar 4',
    ]);
  });

  test('has written nothing on that bar', () => {
    const { decider } = deskOf({ planets: every(everyFourth) });
    const voices = [0, 1, 4].map((index) => conclusionOf(decider, situationAt(index)).voices);
    expect(voices.map((own) => own.map(({ id }) => id))).toEqual([['r.1.technical'], [], ['r.5.technical']]);
  });

  test('speaks all the same on the first bar of a run, so that nobody waits for it', () => {
    const { decider } = deskOf({ planets: every(everyFourth) });
    expect([6, 7, 8].map((index) => reasoningAt(decider, index))).toEqual([
      'technical 0: technical on bar 6',
      'technical 1: technical on bar 6',
      'technical 0: technical on bar 8',
    ]);
  });

  test('by the clock: every 4 h of hourly bars', () => {
    const { decider } = deskOf({ planets: every({ kind: 'duration', ms: 4 * 3_600_000 }) });
    // Bar 3 closes at 4 o'clock.
    expect([2, 3, 4].map((index) => reasoningAt(decider, index))).toEqual([
      'technical 0: technical on bar 2',
      'technical 0: technical on bar 3',
      'technical 1: technical on bar 3',
    ]);
  });

  test('is remembered for each instrument by itself', () => {
    const { decider } = deskOf({ planets: every(everyFourth) });
    reasoningAt(decider, 0, 'A');
    expect(reasoningAt(decider, 1, 'B')).toBe('technical 0: technical on bar 1');
    expect(reasoningAt(decider, 2, 'A')).toBe('technical 2: technical on bar 0');
    expect(reasoningAt(decider, 2, 'B')).toBe('technical 1: technical on bar 1');
  });

  test('tries again on the next bar when it fails on the bar it is due', () => {
    const sulks: Agent = (situation, heard) =>
      situation.index === 4
        ? fails('provider-failed')(situation, heard)
        : speaks('technical')(situation, heard);
    const { decider } = deskOf({ planets: [agentOf('technical', sulks, { every: everyFourth })] });
    expect([0, 4, 5].map((index) => reasoningAt(decider, index))).toEqual([
      'technical 0: technical on bar 0',
      'technical –',
      'technical 0: technical on bar 5',
    ]);
  });

  test('is heard by those in between with its age as well', () => {
    const relays: Agent = (situation, heard) => ({
      records: [signalOf(situation, 'risk', heard.map(hearing).join())],
      missing: [],
    });
    const { decider } = deskOf({
      planets: [...every(everyFourth), agentOf('risk', relays, { dependsOn: ['technical'] })],
    });
    reasoningAt(decider, 0);
    expect(reasoningAt(decider, 3)).toBe(
      'technical 3: technical on bar 0 | risk 0: technical 3: technical on bar 0',
    );
  });
});

test('a desk made from the state of another, through JSON, goes on as that one', () => {
  const cadence = fc.oneof(
    fc.integer({ min: 1, max: 6 }).map((bars): Cadence => ({ kind: 'bars', bars })),
    fc.integer({ min: 1, max: 6 }).map((hours): Cadence => ({ kind: 'duration', ms: hours * 3_600_000 })),
  );
  const bar = fc.tuple(fc.nat(30), fc.constantFrom('A', 'B'));
  const bars = fc
    .uniqueArray(bar, { maxLength: 30, selector: ([index, symbol]) => `${index}${symbol}`, size: 'max' })
    .map((own) => own.sort(([a], [b]) => a - b));
  fc.assert(
    fc.property(fc.tuple(cadence, cadence), bars, fc.nat(30), ([one, other], own, cut) => {
      const planets = [
        agentOf('technical', speaks('technical'), { every: one }),
        agentOf('sentiment', speaks('sentiment'), { every: other }),
      ];
      const play = (decider: Decider, part: typeof own) =>
        part.map(([index, symbol]) => conclusionOf(decider, situationAt(index, symbol)));
      const { decider } = deskOf({ planets });
      play(decider, own.slice(0, cut));
      const restored = deskOf({ planets, state: JSON.parse(JSON.stringify(decider.state())) });
      expect(play(restored.decider, own.slice(cut))).toEqual(play(decider, own.slice(cut)));
      expect(restored.decider.state()).toEqual(decider.state());
    }),
  );
});
