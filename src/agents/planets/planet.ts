import type { AgentReport, CallCost, DecisionRecord, ModelFailure } from '../../core/index.ts';
import { failuresInput, isoTime, OrreryError, proposalId, signalId } from '../../core/index.ts';
import type { Agent, Situation } from '../../engine/index.ts';
import type { Cut } from '../../llm/index.ts';
import { roundToLot } from '../../trading/index.ts';

import { type Answer, isOpening, stanceAfter, stanceOf } from '../answer.ts';
import type { EvidenceSheet } from '../evidence-sheet.ts';
import { fillPrompt, leftOutInput } from '../fill-prompt.ts';
import { fellBackConfidence, type Mind, noCost } from '../mind.ts';
import type { Prompt } from '../prompt.ts';
import { type RecordFrame, recordOf, situationInputs } from '../record.ts';

/** What a planet was shown. */
export interface Briefing {
  readonly sheet: EvidenceSheet;
  /** What else the prompt of this domain asks for, by place. */
  readonly texts: { readonly [place: string]: string };
  /** Moons that saw something an agent should not miss. */
  readonly critical: readonly string[];
}

/** How one domain sees the market: what it looks at, and how it decides without a model. */
export interface Domain {
  /** A briefing, or null with reasons on the sheet when the planet has nothing to go on. */
  brief(situation: Situation): { readonly briefing: Briefing; readonly ready: boolean };
  rules(sheet: EvidenceSheet, held: number): Answer;
  /** It may ask for trades. A domain of outside text may not: strangers' words move a score, never an order. */
  readonly proposes: boolean;
}

export interface PlanetSettings {
  readonly name: string;
  readonly role: string;
  /** Tried in this order. */
  readonly decider: readonly ('llm' | 'rules' | 'model')[];
  readonly profile: string;
}

interface Concluded {
  readonly answer: Answer;
  readonly source: 'llm' | 'cache' | 'rules';
  readonly fellBack: boolean;
  readonly cost: CallCost;
  /** What the model that answered was not shown. */
  readonly cuts: readonly Cut[];
  /** Of the question it fell back from. */
  readonly failures: readonly ModelFailure[];
}

/**
 * A domain agent: gathers its evidence, answers by model where its profile leads to one and by rules otherwise, and
 * writes a signal; when it would trade also a proposal. Without anything to go on it reports what is missing.
 */
export function createPlanet(settings: PlanetSettings, domain: Domain, prompt: Prompt, mind: Mind): Agent {
  return (situation) => {
    const { briefing, ready } = domain.brief(situation);
    if (!ready) return { records: [], missing: briefing.sheet.missing };
    const byRules = (): Answer => domain.rules(briefing.sheet, situation.position?.quantity ?? 0);
    if (!asksModel(settings, (profile) => mind.route(profile) !== null)) {
      if (!settings.decider.includes('rules')) throw withoutMeans(settings);
      return report(settings, domain, situation, briefing, {
        answer: byRules(),
        source: 'rules',
        fellBack: false,
        cost: noCost,
        cuts: [],
        failures: [],
      });
    }
    return askModel(settings, situation, briefing, prompt, mind, byRules).then((concluded) =>
      report(settings, domain, situation, briefing, concluded),
    );
  };
}

/** A model is asked where one may be, is configured, and does not come after rules, which always answer. */
export function asksModel(
  { decider, profile }: PlanetSettings,
  isUsable: (profile: string) => boolean,
): boolean {
  const means = decider.find((one) => one === 'rules' || (one === 'llm' && isUsable(profile)));
  return means === 'llm';
}

async function askModel(
  settings: PlanetSettings,
  situation: Situation,
  { sheet, texts }: Briefing,
  prompt: Prompt,
  mind: Mind,
  byRules: () => Answer,
): Promise<Concluded> {
  const filled = fillPrompt(prompt, sheet, { ...commonPlaces(situation), ...texts });
  const reply = await mind.ask({
    scope: `${situation.number}.${settings.name}`,
    profile: settings.profile,
    role: settings.role,
    ...filled,
  });
  if (reply.kind === 'answered') {
    const { value, source, cost } = reply;
    return { answer: value as Answer, source, fellBack: false, cost, cuts: filled.cuts, failures: [] };
  }
  if (!settings.decider.includes('rules')) throw reply.error;
  const answer = byRules();
  const confidence = Math.min(answer.confidence, fellBackConfidence);
  return {
    ...{ answer: { ...answer, confidence }, source: 'rules', fellBack: true, cost: reply.cost },
    ...{ cuts: [], failures: [reply.failure] },
  };
}

/** Places every prompt may use, beside its evidence. */
export function commonPlaces(situation: Situation): { readonly [place: string]: string } {
  const { instrument, position, at } = situation;
  return {
    instrument: instrument.symbol,
    timeframe: instrument.timeframe,
    time: isoTime(at),
    position: position === null ? 'none' : position.quantity > 0 ? 'long' : 'short',
  };
}

function report(
  settings: PlanetSettings,
  { proposes }: Domain,
  situation: Situation,
  briefing: Briefing,
  concluded: Concluded,
): AgentReport {
  const { answer, source, fellBack, cost, cuts, failures } = concluded;
  const frame: RecordFrame = {
    id: signalId(situation.run, situation.number, settings.name),
    situation,
    agent: settings.name,
    kind: 'signal',
    sheet: briefing.sheet,
    inputs: {
      ...situationInputs(situation),
      critical: briefing.critical,
      ...leftOutInput(cuts),
      ...failuresInput(failures),
    },
    source,
    fellBack,
    cost,
    parents: [],
  };
  const stance = stanceAfter(answer.action, 'FLAT');
  const signal = recordOf(frame, answer, stance);
  const missing = briefing.sheet.missing;
  // Who already stands where the signal points would not trade; the risk officer need not be asked, nor paid.
  const held = situation.position?.quantity ?? 0;
  const stands = held !== 0 && stance === stanceOf(held);
  const proposal = isOpening(answer.action) && proposes && !stands ? propose(frame, answer, stance) : null;
  return { records: proposal === null ? [signal] : [signal, proposal], missing };
}

/** Null when the answer names no size, or one under a lot: there is nothing to judge then. */
function propose(
  frame: RecordFrame,
  answer: Answer,
  stance: DecisionRecord['stance'],
): DecisionRecord | null {
  const { situation, agent, id } = frame;
  const sizePct = answer.sizePct ?? 0;
  const wanted = (situation.account.equity * sizePct) / 100 / situation.bar.close;
  const size = roundToLot(wanted, situation.instrument.assetClass);
  if (!(size > 0)) return null;
  const cost = { ...noCost, provider: frame.cost.provider, model: frame.cost.model };
  const proposal = {
    ...frame,
    id: proposalId(situation.run, situation.number, agent),
    kind: 'proposal' as const,
  };
  return {
    ...recordOf({ ...proposal, cost, parents: [id] }, answer, stance),
    size,
    sizePct,
    stop: answer.stop,
  };
}

/** For an agent that may not decide by rules and has no model to ask. */
export function withoutMeans({ name, decider, profile }: PlanetSettings): OrreryError {
  if (!decider.includes('llm')) {
    return new OrreryError(
      'agents-invalid',
      `${name} may decide only by a trained model (decider \`model\`), which is not available in this version`,
      { hint: 'Add `llm` or `rules` to its `decider` list.' },
    );
  }
  return new OrreryError(
    'provider-failed',
    `${name} may decide only by llm, and profile ${profile} leads to no usable provider`,
    {
      hint: 'Configure the profile in orrery.yaml, or add `rules` to its `decider` list.',
      retryable: false,
    },
  );
}
