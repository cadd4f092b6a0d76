import type { DecisionRecord, Verdict } from '../../core/index.ts';
import { type Heard, recordsOf, type Situation } from '../../engine/index.ts';
import { directionOf } from '../answer.ts';
import { EvidenceSheet } from '../evidence-sheet.ts';
import { addPosition } from '../position-evidence.ts';

/** What the chief has before it. */
export interface Council {
  readonly sheet: EvidenceSheet;
  /** Signals of the planets that could speak. */
  readonly voices: readonly DecisionRecord[];
  /** Proposals that were not refused, at the size the risk officer left; without a risk officer all of them. */
  readonly proposals: readonly DecisionRecord[];
}

/**
 * Lays the voices out as numbers: a voice is its confidence, signed by its direction; proposals bring size and stop,
 * verdicts the risk score. What could not speak stands there as missing.
 */
export function gatherCouncil(situation: Situation, heard: readonly Heard[], judged: boolean): Council {
  const { bar, instrument, account, at } = situation;
  const sheet = new EvidenceSheet(at);
  sheet.add('close', bar.close, instrument.currency);
  const voices = recordsOf(heard, 'signal');
  for (const voice of voices) {
    sheet.add(voice.agent, directionOf(voice.action) * voice.confidence, 'score', {
      eventAt: voice.at,
      knownAt: voice.at,
    });
  }
  const proposals = addProposals(sheet, situation, heard, judged);
  addPosition(sheet, situation);
  sheet.add('equity', account.equity, instrument.currency);
  sheet.add('drawdown-pct', account.drawdownPct, '%');
  addMissing(sheet, heard);
  return { sheet, voices, proposals };
}

/** Where a desk has a risk officer, a proposal it has not judged is not offered: nothing passes it by. */
function addProposals(
  sheet: EvidenceSheet,
  situation: Situation,
  heard: readonly Heard[],
  judged: boolean,
): readonly DecisionRecord[] {
  const verdicts = recordsOf(heard, 'verdict');
  const offered: DecisionRecord[] = [];
  for (const proposal of recordsOf(heard, 'proposal')) {
    // A proposal belongs to the bar it was made on; an older voice still speaks, but no longer proposes.
    if (proposal.at !== situation.at) continue;
    const verdict = strictest(verdicts.filter((one) => one.parents.includes(proposal.id)));
    sheet.add(`${proposal.agent}.size-pct`, proposal.sizePct ?? 0, '%');
    if (proposal.stop === null) sheet.lack(`${proposal.agent}.stop`, 'absent');
    else sheet.add(`${proposal.agent}.stop`, proposal.stop, situation.instrument.currency);
    if (verdict !== null) {
      sheet.add(`${proposal.agent}.approved`, verdict.approved ? 1 : 0, '');
      sheet.add(`${proposal.agent}.risk-score`, verdict.riskScore, 'score');
    }
    if (verdict === null ? judged : !verdict.approved) continue;
    const size = verdict?.adjustedSize ?? proposal.size ?? 0;
    sheet.add(`${proposal.agent}.size`, size, 'units');
    offered.push({ ...proposal, size });
  }
  return offered;
}

/** Where several officers judged one proposal: any refusal refuses, and the smallest size and the highest risk count. */
function strictest(
  records: readonly DecisionRecord[],
): Pick<Verdict, 'approved' | 'adjustedSize' | 'riskScore'> | null {
  const verdicts = records.flatMap(({ verdict }) => verdict ?? []);
  if (verdicts.length === 0) return null;
  const sizes = verdicts.flatMap(({ adjustedSize }) => adjustedSize ?? []);
  return {
    approved: verdicts.every(({ approved }) => approved),
    adjustedSize: sizes.length === 0 ? null : Math.min(...sizes),
    riskScore: Math.max(...verdicts.map(({ riskScore }) => riskScore)),
  };
}

function addMissing(sheet: EvidenceSheet, heard: readonly Heard[]): void {
  const named = new Set<string>();
  const lack = (name: string, reason: Parameters<EvidenceSheet['lack']>[1]) => {
    if (named.has(name)) return;
    named.add(name);
    sheet.lack(name, reason);
  };
  for (const { agent, report } of heard) {
    if (report === null) lack(agent, 'failed');
    else for (const { name, reason } of report.missing) lack(name, reason);
  }
}
