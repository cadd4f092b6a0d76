import type { KeyFactor } from '../../core/index.ts';
import type { RiskAnswer } from '../answer.ts';
import type { EvidenceSheet } from '../evidence-sheet.ts';

const farStopPct = 5;
const deepDrawdownPct = 10;
const lowConfidence = 0.5;

/**
 * The risk officer without a model. Refuses a stop that is missing, on the wrong side or more than 5 % away; halves
 * the size from 10 % drawdown, and again under 0.5 confidence. The score adds half for distance, a quarter each
 * for drawdown and doubt.
 */
export function judgeRisk(sheet: EvidenceSheet, proposedSize: number): RiskAnswer {
  const distancePct = sheet.value('stop-distance-pct');
  const drawdownPct = sheet.value('drawdown-pct') ?? 0;
  const confidence = sheet.value('confidence') ?? 0;
  const keyFactors: KeyFactor[] = [
    { text: 'distance of the stop', evidence: sheet.ids('stop-distance-pct') },
    { text: 'drawdown of the account', evidence: sheet.ids('drawdown-pct') },
    { text: 'confidence of the proposal', evidence: sheet.ids('confidence') },
  ];
  if (distancePct === null || distancePct <= 0 || distancePct > farStopPct) {
    const reasoning = 'The stop is missing, on the wrong side of the price, or more than five per cent away.';
    return { approved: false, adjustedSize: null, riskScore: 1, reasoning, warnings: [], keyFactors };
  }
  const warnings: string[] = [];
  let factor = 1;
  if (drawdownPct >= deepDrawdownPct) {
    factor /= 2;
    warnings.push('size halved: the account is in drawdown');
  }
  if (confidence < lowConfidence) {
    factor /= 2;
    warnings.push('size halved: low confidence');
  }
  const riskScore =
    (distancePct / farStopPct) * 0.5 +
    Math.min(1, drawdownPct / (2 * deepDrawdownPct)) * 0.25 +
    (1 - confidence) * 0.25;
  return {
    approved: true,
    adjustedSize: factor === 1 ? null : proposedSize * factor,
    riskScore,
    reasoning: warnings.length === 0 ? 'Within bounds as proposed.' : 'Within bounds at a smaller size.',
    warnings,
    keyFactors,
  };
}
