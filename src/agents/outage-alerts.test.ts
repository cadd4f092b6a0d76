import { expect, test } from 'vitest';
import { ChatError } from '../llm/index.ts';
import { createOutageAlerts } from './outage-alerts.ts';

const asking = { route: 'local/small', provider: 'local', role: 'chief' };

function listen() {
  const alerts: string[] = [];
  const note = createOutageAlerts({ warn: () => undefined, alert: (text) => void alerts.push(text) });
  return { note, alerts };
}

test.each([
  [
    new ChatError('provider-failed', 'local answered 401', { hint: 'Check $KEY.' }),
    'local/small does not answer (local answered 401). Agents fall back until it does. Check $KEY.',
  ],
  [
    new ChatError('provider-refused', 'local would not answer chief: "No."'),
    'local/small refuses to answer chief (local would not answer chief: "No."). Agents fall back until it does.',
  ],
  [
    new ChatError('answer-invalid', 'it said "Hm"', { hint: 'Try another model.' }),
    'local/small answers, but nothing that can be used (it said "Hm"). Agents fall back until it does. Try another model.',
  ],
])('an alert says what happened, and what to do: %s', (failure, words) => {
  const { note, alerts } = listen();
  note(asking, failure);
  expect(alerts).toEqual([words]);
});

test('a budget that is spent is told once, whoever asks and whoever answered in between', () => {
  const { note, alerts } = listen();
  const spent = (limit: string) =>
    new ChatError('budget-exceeded', `the budget of this run is spent: llm.budget.${limit} has $0 left`);
  note(asking, spent('usdPerRun'));
  note({ ...asking, role: 'technical' }, null);
  note({ ...asking, role: 'technical', route: 'claude/large' }, spent('usdPerRun'));
  expect(alerts).toEqual([
    'the budget of this run is spent: llm.budget.usdPerRun has $0 left. Agents go on without a model.',
  ]);
  for (const role of ['chief', 'technical', 'chief']) note({ ...asking, role }, spent('usdPerAgent'));
  expect(alerts).toHaveLength(3);
});

test('a budget that is spent neither hides an outage nor ends one', () => {
  const { note, alerts } = listen();
  const down = new ChatError('provider-failed', 'down');
  note(asking, new ChatError('budget-exceeded', 'llm.budget.usdPerRun'));
  note(asking, down);
  note(asking, new ChatError('budget-exceeded', 'llm.budget.usdPerRun'));
  note(asking, down);
  expect(alerts).toHaveLength(2);
});
