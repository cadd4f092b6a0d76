import { expect, test } from 'vitest';
import { answeredBy } from './answered-by.ts';

const profiles = {
  chief: { provider: 'claude', model: 'large', fallback: ['analyst'] },
  analyst: { provider: 'local', model: 'small' },
};
const chief = { ladder: [], profile: 'chief', backup: 'analyst', dependsOn: [] };
const share = { source: 'llm', decisions: 1 } as const;

test('a model that stands in is told as what it stands in', () => {
  const answers = [
    { ...share, rung: 'primary', model: 'claude/large' },
    { ...share, rung: 'primary', model: 'local/small' },
    { ...share, rung: 'backup', model: 'local/small' },
  ] as const;
  const shares = answeredBy({ answers }, { llm: { providers: {}, profiles } }, { chief });
  expect(shares.map(({ standIn }) => standIn)).toEqual([null, 'fallback', 'backup']);
});
