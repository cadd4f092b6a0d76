import { expect, test } from 'vitest';
import { sampleOutcome } from '../../../test/sample-ensemble-document.ts';
import type { AgentOutcome } from '../ensemble-document.ts';
import { shortfallOf } from './shortfall.ts';

const item = (index: number, message: string | null = 'oh') => ({
  index,
  status: 'failed',
  code: 'x',
  message,
});
const error = (message: string, code = 'agent-failed') => ({ code, message, hint: null, retryable: false });
const within = (agents: { readonly [name: string]: Partial<AgentOutcome> }) =>
  ({
    agents: Object.fromEntries(Object.entries(agents).map(([name, given]) => [name, sampleOutcome(given)])),
  }) as unknown as NonNullable<AgentOutcome['details']>;

const cases: readonly (readonly [details: AgentOutcome['details'], says: string | null])[] = [
  [undefined, null],
  [{ rounds: 3, done: true }, null],
  [{ items: 2, failed: [] }, null],
  [{ items: 'two', failed: [{ index: 'x' }] }, null],
  [{ items: 2, failed: [item(1, 'ZeroDivisionError')] }, '1 of 2 items failed: #2 ZeroDivisionError'],
  [
    { items: 9, failed: [item(0), item(1, null), item(4), item(5), item(6)] },
    '5 of 9 items failed: #1 oh; #2; #5 oh; and 2 more',
  ],
  [
    { items: 3, failed: [item(0)], lacking: [{ index: 2, details: { items: 2, failed: [item(1)] } }] },
    '1 of 3 items failed: #1 oh; 1 of 3 items lack a part: #3 1 of 2 items failed: #2 oh',
  ],
  [within({ a: {}, b: { status: 'skipped', error: error('not now', 'agent-skipped') } }), null],
  [
    within({ a: { status: 'failed', error: error('oh') }, b: { status: 'timeout', error: error('late') } }),
    '`a` in it failed: oh; `b` in it timed out: late',
  ],
  [within({ a: { details: { items: 2, failed: [item(0)] } } }), '`a` in it ok, 1 of 2 items failed: #1 oh'],
  [{ failure: { ...error('no answer') } }, 'rules chose, as the model failed: no answer'],
];

test.each(cases)('what an agent went on without: %j', (details, says) => {
  const outcome = sampleOutcome(details === undefined ? {} : { details });
  expect(shortfallOf(outcome)).toBe(says);
  expect(shortfallOf({ ...outcome, status: 'failed' })).toBe(null);
});
