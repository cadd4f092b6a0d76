import type { AgentReport, CallCost, DecisionRecord, ModelFailure } from '../../core/index.ts';
import { failuresInput, verdictId } from '../../core/index.ts';
import { type Agent, recordsOf, type Situation } from '../../engine/index.ts';
import type { Cut } from '../../llm/index.ts';
import type { RiskAnswer } from '../answer.ts';
import { EvidenceSheet } from '../evidence-sheet.ts';
import { fillPrompt, leftOutInput } from '../fill-prompt.ts';
import { fellBackConfidence, type Mind, noCost } from '../mind.ts';
import type { Prompt } from '../prompt.ts';
import { recordOf, situationInputs } from '../record.ts';
import { asksModel, commonPlaces, type PlanetSettings, withoutMeans } from './planet.ts';
import { judgeRisk } from './risk-rules.ts';

interface Judged {
  readonly answer: RiskAnswer;
  readonly source: 'llm' | 'cache' | 'rules';
  readonly fellBack: boolean;
  readonly cost: CallCost;
  /** What the model that answered was not shown. */
  readonly cuts: readonly Cut[];
  /** Of the question it fell back from. */
  readonly failures: readonly ModelFailure[];
}

/** Judges each proposal it hears. It may refuse or shrink, never enlarge: the schema's maximum is the proposed size. */
export function createRiskOfficer(settings: PlanetSettings, prompt: Prompt, mind: Mind): Agent {
  return (situation, heard) => {
    const proposals = recordsOf(heard, 'proposal').filter((proposal) => proposal.at === situation.at);
    const verdicts = proposals.map((proposal) => judge(settings, situation, proposal, prompt, mind));
    const asReport = (records: readonly DecisionRecord[]): AgentReport => ({ records, missing: [] });
    return verdicts.some((verdict) => verdict instanceof Promise)
      ? Promise.all(verdicts).then(asReport)
      : asReport(verdicts as readonly DecisionRecord[]);
  };
}

function judge(
  settings: PlanetSettings,
  situation: Situation,
  proposal: DecisionRecord,
  prompt: Prompt,
  mind: Mind,
): DecisionRecord | Promise<DecisionRecord> {
  const sheet = proposalSheet(situation, proposal);
  const size = proposal.size ?? 0;
  const write = (judged: Judged) => verdictRecord(settings, situation, proposal, sheet, judged);
  if (!asksModel(settings, (profile) => mind.route(profile) !== null)) {
    if (!settings.decider.includes('rules')) throw withoutMeans(settings);
    return write({
      answer: judgeRisk(sheet, size),
      source: 'rules',
      fellBack: false,
      cost: noCost,
      cuts: [],
      failures: [],
    });
  }
  const places = { ...commonPlaces(situation), proposer: proposal.agent, action: proposal.action };
  const question = {
    scope: `${situation.number}.${settings.name}.${proposal.agent}`,
    profile: settings.profile,
    role: settings.role,
    ...fillPrompt(prompt, sheet, places, { adjustedSize: size }),
  };
  return mind.ask(question).then((reply) => {
    if (reply.kind === 'answered') {
      const { value, source, cost } = reply;
      const answered = { source, fellBack: false, cost, cuts: question.cuts, failures: [] } as const;
      return write({ answer: value as RiskAnswer, ...answered });
    }
    if (!settings.decider.includes('rules')) throw reply.error;
    return write({
      answer: judgeRisk(sheet, size),
      source: 'rules',
      fellBack: true,
      cost: reply.cost,
      cuts: [],
      failures: [reply.failure],
    });
  });
}

function proposalSheet(situation: Situation, proposal: DecisionRecord): EvidenceSheet {
  const { account, bar, instrument, position } = situation;
  const sheet = new EvidenceSheet(situation.at);
  sheet.add('close', bar.close, instrument.currency);
  sheet.add('size', proposal.size ?? 0, 'units');
  sheet.add('size-pct', proposal.sizePct ?? 0, '%');
  sheet.add('confidence', proposal.confidence, 'score');
  if (proposal.stop === null) {
    sheet.lack('stop', 'absent');
    sheet.lack('stop-distance-pct', 'absent');
  } else {
    const direction = proposal.action === 'BUY' ? 1 : -1;
    sheet.add('stop', proposal.stop, instrument.currency);
    sheet.add('stop-distance-pct', (direction * (bar.close - proposal.stop) * 100) / bar.close, '%');
  }
  sheet.add('equity', account.equity, instrument.currency);
  sheet.add('cash', account.cash, instrument.currency);
  sheet.add('drawdown-pct', account.drawdownPct, '%');
  sheet.add('position', position?.quantity ?? 0, 'units');
  return sheet;
}

function verdictRecord(
  settings: PlanetSettings,
  situation: Situation,
  proposal: DecisionRecord,
  sheet: EvidenceSheet,
  { answer, source, fellBack, cost, cuts, failures }: Judged,
): DecisionRecord {
  const confidence = fellBack ? Math.min(fellBackConfidence, 1 - answer.riskScore) : 1 - answer.riskScore;
  const frame = {
    id: verdictId(situation.run, situation.number, settings.name, proposal.agent),
    situation,
    agent: settings.name,
    kind: 'verdict' as const,
    sheet,
    inputs: {
      ...situationInputs(situation),
      proposer: proposal.agent,
      ...leftOutInput(cuts),
      ...failuresInput(failures),
    },
    source,
    fellBack,
    cost,
    parents: [proposal.id],
  };
  const { approved, riskScore, warnings } = answer;
  const adjustedSize =
    answer.adjustedSize === null ? null : Math.min(answer.adjustedSize, proposal.size ?? 0);
  return {
    ...recordOf(frame, { ...answer, action: proposal.action, confidence }, proposal.stance),
    size: approved ? (adjustedSize ?? proposal.size) : 0,
    sizePct: null,
    stop: proposal.stop,
    verdict: { approved, adjustedSize, riskScore, warnings },
  };
}
