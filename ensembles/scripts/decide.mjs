// Makes one decision of what the council found and the risk officer said. Code, so that no voice can overrule a refusal.
import { readTurn } from './values-of.mjs';

const { agents, at, close } = await readTurn();
const { council, risk } = agents;
const names = ['trend-following', 'momentum-following', 'mean-reversion'];
const voices = names
  .filter((name) => agents[name].status === 'ok')
  .map((name) => ({ agent: name, ...agents[name].output }));
const wanted = council.output?.winner ?? 'HOLD';
const refused = wanted !== 'HOLD' && risk.output?.approved !== true;
const action = refused ? 'HOLD' : wanted;
const why = council.status !== 'ok'
  ? `no council: ${council.error.message}`
  : wanted === 'HOLD'
    ? 'the council does not agree on a side'
    : refused
      ? `${wanted} was refused: ${risk.output?.reasoning ?? risk.error?.message ?? 'no verdict'}`
      : `the council leans to ${wanted}, and the risk officer agrees`;
console.log(
  JSON.stringify({
    ...{ action, at, close, reasoning: why },
    confidence: action === wanted ? (council.output?.confidence ?? 0) : 0,
    stopDistance: action === 'HOLD' ? null : (voices.find((voice) => voice.action === action)?.stopDistance ?? null),
    voices,
    silent: names.filter((name) => agents[name].status !== 'ok'),
    verdict: risk.output,
  }),
);
