// A risk officer by rules alone: refuses what nobody is sure of, and what cannot be stopped within five per cent.
import { readTurn } from './values-of.mjs';

const { agents, numbers, close } = await readTurn();
const { confidence, winner } = agents.council.output;
const range = numbers['atr-14'];
const distancePct = range == null || close === null ? null : (200 * range) / close;
const warnings = [
  ...(confidence < 0.4 ? [`the voices for ${winner} are ${confidence.toFixed(2)} sure on average`] : []),
  ...(distancePct === null ? ['the usual range of a bar is not known'] : []),
  ...(distancePct > 5 ? [`a stop two ranges away is ${distancePct.toFixed(1)} % off`] : []),
];
console.log(
  JSON.stringify({
    approved: warnings.length === 0,
    riskScore: Math.min(1, (distancePct ?? 5) / 5),
    reasoning: warnings.length === 0 ? 'a stop two ranges away is near enough' : warnings.join('; '),
    warnings,
  }),
);
