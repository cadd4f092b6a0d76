import type { AgentReport, CallCost, DecisionRecord, ModelFailure, Rung, Source } from '../../core/index.ts';
import { decisionId, failuresInput } from '../../core/index.ts';
import { type Agent, type Heard, recordsOf, type Situation } from '../../engine/index.ts';
import type { Cut } from '../../llm/index.ts';
import { type Answer, stanceAfter, stanceOf } from '../answer.ts';
import type { EvidenceSheet } from '../evidence-sheet.ts';
import { fillPrompt, leftOutInput } from '../fill-prompt.ts';
import { fellBackConfidence, type Mind, noCost } from '../mind.ts';
import { commonPlaces } from '../planets/planet.ts';
import { fenceText, type Prompt } from '../prompt.ts';
import { recordOf, situationInputs } from '../record.ts';
import { type Backed, backAnswer } from './back-answer.ts';
import { decideByVote } from './chief-rules.ts';
import { type Council, gatherCouncil } from './council-sheet.ts';

export interface ChiefSettings {
  readonly name: string;
  readonly ladder: readonly Rung[];
  readonly profile: string;
  readonly backup: string | null;
  /** The desk has a risk officer, whose word every proposal needs. */
  readonly judged: boolean;
}

interface Concluded {
  readonly answer: Answer;
  readonly rung: Rung;
  readonly source: Source;
  readonly fellBack: boolean;
  readonly cost: CallCost;
  /** What the model that answered was not shown. */
  readonly cuts: readonly Cut[];
  /** Models that were asked before it and gave no answer of use. */
  readonly failures: readonly ModelFailure[];
}

/**
 * The sun: hears the planets and decides. Its ladder is tried in order; what a rung cannot answer falls to the next.
 * While a required voice is missing it stands aside without asking anybody.
 */
export function createChief(settings: ChiefSettings, prompt: Prompt, mind: Mind): Agent {
  return (situation, heard) => {
    const council = gatherCouncil(situation, heard, settings.judged);
    const write = (concluded: Concluded) => report(settings, situation, heard, council, concluded);
    const aside = standAside(heard, council);
    if (aside !== null) return write({ answer: aside, ...byRung('rules'), ...nobodyAsked });
    const routes = modelRungs(settings, (profile) => mind.route(profile));
    if (routes.length === 0) return write(withoutModel(settings, situation, council, nobodyAsked));
    return askInTurn(settings, situation, council, prompt, mind, routes).then(write);
  };
}

const nobodyAsked = { fellBack: false, cost: noCost, cuts: [], failures: [] } as const;

/** The rungs that lead to a model, each route once: asking a dead provider again under another name helps nobody. */
export function modelRungs(
  settings: Pick<ChiefSettings, 'ladder' | 'profile' | 'backup'>,
  routeOf: (profile: string) => string | null,
): readonly { readonly rung: Rung; readonly profile: string }[] {
  const rungs: { readonly rung: Rung; readonly profile: string }[] = [];
  const routes = new Set<string>();
  for (const rung of settings.ladder) {
    if (alwaysAnswers(rung)) break;
    const profile = rung === 'primary' ? settings.profile : rung === 'backup' ? settings.backup : null;
    const route = profile === null ? null : routeOf(profile);
    if (profile === null || route === null || routes.has(route)) continue;
    routes.add(route);
    rungs.push({ rung, profile });
  }
  return rungs;
}

/** What stands below such a rung is never reached. */
function alwaysAnswers(rung: Rung): boolean {
  return rung === 'rules' || rung === 'hold';
}

async function askInTurn(
  settings: ChiefSettings,
  situation: Situation,
  council: Council,
  prompt: Prompt,
  mind: Mind,
  rungs: readonly { readonly rung: Rung; readonly profile: string }[],
): Promise<Concluded> {
  const filled = fillPrompt(prompt, council.sheet, {
    ...commonPlaces(situation),
    voices: voiceLines(council),
  });
  let spent = noCost;
  const failures: ModelFailure[] = [];
  for (const { rung, profile } of rungs) {
    const reply = await mind.ask({
      scope: `${situation.number}.${settings.name}.${rung}`,
      profile,
      role: 'chief',
      ...filled,
    });
    spent = addCost(spent, reply.cost);
    if (reply.kind === 'answered') {
      const { value, source } = reply;
      const { cuts } = filled;
      return { answer: value as Answer, rung, source, fellBack: false, cost: spent, cuts, failures };
    }
    failures.push(reply.failure);
  }
  return withoutModel(settings, situation, council, { fellBack: true, cost: spent, cuts: [], failures });
}

/** The rungs that need no model: rules, then hold. */
function withoutModel(
  settings: ChiefSettings,
  situation: Situation,
  { sheet, voices, proposals }: Council,
  asked: Pick<Concluded, 'fellBack' | 'cost' | 'cuts' | 'failures'>,
): Concluded {
  if (settings.ladder.find(alwaysAnswers) !== 'rules') {
    const reasoning = 'No rung above hold answered: the desk keeps what it has.';
    return { answer: holding(sheet, reasoning), ...byRung('hold'), ...asked };
  }
  const answer = decideByVote(sheet, voices, proposals, situation.position);
  const confidence = asked.fellBack ? Math.min(answer.confidence, fellBackConfidence) : answer.confidence;
  return { answer: { ...answer, confidence }, ...byRung('rules'), ...asked };
}

function byRung(rung: 'rules' | 'hold'): Pick<Concluded, 'rung' | 'source'> {
  return { rung, source: rung };
}

function standAside(heard: readonly Heard[], { sheet, voices }: Council): Answer | null {
  const lacking = heard.filter(({ report, required }) => required && (report === null || lacksAll(report)));
  if (lacking.length === 0 && voices.length > 0) return null;
  const who =
    lacking.length === 0 ? 'Nobody could' : `${lacking.map(({ agent }) => agent).join(' and ')} could not`;
  const silent = lacking.length === 0 ? heard : lacking;
  const warming = silent.some(({ report }) => report?.missing.some(({ reason }) => reason === 'warming-up'));
  const why = warming ? ' while moons warm up' : '';
  return holding(sheet, `${who} speak${why}: the desk keeps what it has.`);
}

/** Nothing said and something lacking; a risk officer without a proposal has nothing to say and lacks nothing. */
function lacksAll(report: AgentReport): boolean {
  return report.records.length === 0 && report.missing.length > 0;
}

function holding(sheet: EvidenceSheet, reasoning: string): Answer {
  const names = sheet.missing.map(({ name }) => name);
  const keyFactors =
    names.length === 0
      ? [{ text: 'price at the close', evidence: sheet.ids('close') }]
      : [{ text: `missing: ${names.join(', ')}`, evidence: sheet.ids(...names) }];
  return { action: 'HOLD', confidence: 0, reasoning, keyFactors, sizePct: null, stop: null };
}

function report(
  settings: ChiefSettings,
  situation: Situation,
  heard: readonly Heard[],
  council: Council,
  { answer, rung, source, fellBack, cost, cuts, failures }: Concluded,
): AgentReport {
  const backed: Backed = backAnswer(situation, answer, council);
  const frame = {
    id: decisionId(situation.run, situation.number),
    situation,
    agent: settings.name,
    kind: 'decision' as const,
    sheet: council.sheet,
    inputs: {
      ...situationInputs(situation),
      voices: voiceInputs(heard),
      ...leftOutInput(cuts),
      ...failuresInput(failures),
    },
    source,
    fellBack,
    cost,
    parents: heard.flatMap(({ report: own }) => own?.records.map((record) => record.id) ?? []),
  };
  const before = stanceOf(situation.position?.quantity ?? 0);
  const decision: DecisionRecord = {
    ...recordOf(frame, { ...answer, ...backed }, stanceAfter(backed.action, before)),
    size: backed.size,
    sizePct: backed.sizePct,
    stop: backed.stop,
    rung,
  };
  return { records: [decision], missing: [] };
}

/** Ids in a voice's words are those of its own sheet; here they would point at other numbers. */
function voiceLines({ voices }: Council): string {
  return voices
    .map(
      ({ agent, action, reasoning }) =>
        `${agent} (${action}): ${fenceText(reasoning.replace(/\[e\d+\]/g, ''))}`,
    )
    .join('\n');
}

function voiceInputs(heard: readonly Heard[]) {
  return recordsOf(heard, 'signal').map((voice) => ({
    agent: voice.agent,
    action: voice.action,
    confidence: voice.confidence,
    ageBars: heard.find(({ agent }) => agent === voice.agent)?.ageBars ?? 0,
  }));
}

function addCost(before: CallCost, next: CallCost): CallCost {
  return {
    ...next,
    promptTokens: before.promptTokens + next.promptTokens,
    responseTokens: before.responseTokens + next.responseTokens,
    latencyMs: before.latencyMs + next.latencyMs,
    costUsd: before.costUsd + next.costUsd,
  };
}
