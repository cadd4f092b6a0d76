import { describe, expect, test } from 'vitest';
import { prepare } from '../../../test/ensemble-place.ts';
import { sampleEnsembleDocument, sampleOutcome } from '../../../test/sample-ensemble-document.ts';
import { readEnsembleDocument } from './document-shape.ts';
import { formatJson } from './json-format.ts';
import { formatMarkdown } from './markdown-format.ts';
import { formatMermaid } from './mermaid-format.ts';
import { formatText } from './text-format.ts';

describe('a document as text', () => {
  test('is its output: words as they are, anything else as JSON, nothing where it failed', () => {
    expect(formatText(sampleEnsembleDocument())).toBe('Good code.');
    expect(formatText(sampleEnsembleDocument({ output: { score: 3 } }))).toBe('{\n  "score": 3\n}');
    expect(formatText(sampleEnsembleDocument({ output: null }))).toBe('null');
    expect(formatText(sampleEnsembleDocument({ status: 'failed', output: null }))).toBe('');
  });

  test('is itself as JSON', () => {
    const document = sampleEnsembleDocument();
    expect(JSON.parse(formatJson(document))).toEqual(document);
    expect(formatJson(document)).not.toContain('\n');
  });
});

describe('a document as Markdown', () => {
  test('is a report in which no text breaks a table or becomes HTML', () => {
    expect(formatMarkdown(sampleEnsembleDocument())).toBe(`# review

Run \`e_TEST\`: **partial**.

## Output

Good code.

## Agents

| phase | agent | kind | status | source | model | time (ms) | tokens in | tokens out | cost (USD) |
|---:|---|---|---|---|---|---:|---:|---:|---:|
| 1 | reader | llm | failed | – | – | 1234 | 0 | 0 | 0 |
| 1 | lint | script | ok | script | – | 48 | 0 | 0 | 0 |
| 2 | judge | llm | ok | llm | some-model | 1234 | 100 | 20 | 0.0006 |

## What went wrong

- **reader** failed: local answered 503 \\| &lt;b&gt;busy&lt;/b&gt; (provider-failed; Wait)

## Usage

- 2 questions to models, 0 answered from the cache
- 100 tokens in, 20 out, 0.3 USD
- 2469 ms; one agent after the other 2517 ms
`);
  });

  test('tells what an agent went on without, and not whom nobody needed', () => {
    const skipped = { code: 'agent-skipped', message: 'nobody needs it', hint: null, retryable: false };
    const broken = { ...skipped, code: 'agent-failed', message: '`1 > 0` is <b>no</b> list, `a|b' };
    const agents = {
      idle: sampleOutcome({ status: 'skipped', output: null, error: skipped }),
      broken: sampleOutcome({ status: 'failed', output: null, error: broken }),
      files: sampleOutcome({
        details: {
          items: 2,
          failed: [{ index: 0, status: 'failed', code: 'x', message: 'ZeroDivisionError' }],
        },
      }),
    };
    const text = formatMarkdown(sampleEnsembleDocument({ agents }));
    expect(text.slice(text.indexOf('## What'), text.indexOf('## Usage'))).toBe(`## What went wrong

- **broken** failed: \`1 > 0\` is &lt;b&gt;no&lt;/b&gt; list, \`a\\|b (agent-failed)
- **files** ok, 1 of 2 items failed: #1 ZeroDivisionError

`);
    const idle = sampleEnsembleDocument({ status: 'completed', agents: { idle: agents.idle } });
    expect(formatMarkdown(idle)).not.toContain('What went wrong');
  });

  test('counts one as one, and tells of routing where it spared somebody', () => {
    const usage = { ...sampleEnsembleDocument().usage, calls: 1 };
    const told = (spared: readonly string[], callsSaved: number, routerCalls: number) =>
      formatMarkdown(
        sampleEnsembleDocument({ usage, routing: { taken: {}, spared, callsSaved, routerCalls } }),
      ).split('\n');
    expect(told([], 0, 1)).toContain('- 1 question to models, 0 answered from the cache');
    expect(told([], 0, 1).join()).not.toContain('routing');
    expect(told(['a', 'b', 'c'], 0, 0)).toContain('- routing spared 3 agents');
    expect(told(['a'], 1, 2)).toContain(
      '- routing spared 1 agent and 1 question, for 2 questions of its own',
    );
  });

  test('fences data beyond any fence within, and says why there is none', () => {
    const fenced = formatMarkdown(sampleEnsembleDocument({ output: ['````'] }));
    expect(fenced).toContain('`````json\n[\n  "````"\n]\n`````');
    const error = { code: 'agent-failed', message: 'it broke', hint: null, retryable: false };
    const failed = formatMarkdown(sampleEnsembleDocument({ status: 'failed', output: null, error }));
    expect(failed).toContain('Run `e_TEST`: **failed**, because it broke (agent-failed).');
    expect(failed).not.toContain('## Output');
    expect(formatMarkdown(sampleEnsembleDocument({ output: ' ' }))).toContain('_an empty text_');
  });
});

test('a graph shows phases, kinds, what is needed, and where routes lead', () => {
  const prepared = prepare({
    ensemble: 'drawn',
    agents: {
      chooser: { kind: 'say', say: 1 },
      quick: { kind: 'say', say: 1, depends_on: ['chooser'], required: ['chooser'] },
      deep: { kind: 'say', say: 1, depends_on: ['chooser'] },
    },
    output: { from: 'deep' },
  });
  const say = prepared.agents.get('deep')!;
  const routed = {
    ...prepared,
    agents: new Map([
      ...prepared.agents,
      ['deep', { ...say, routes: [{ router: 'chooser', branches: ['left "a"', 'b|<i>'] }] }],
      [
        'chooser',
        { ...prepared.agents.get('chooser')!, spec: { ...say.spec, name: 'chooser', kind: 'route' } },
      ],
    ]),
  };
  expect(formatMermaid(routed)).toBe(`flowchart LR
  subgraph p1["phase 1"]
    a0{"chooser<br/>route"}
  end
  subgraph p2["phase 2"]
    a1["quick<br/>say"]
    a2["deep<br/>say"]
  end
  a0 --> a1
  a0 -.->|"left #34;a#34;, b#124;#60;i#62;"| a2
`);
});

describe('a document that came through somebody’s code', () => {
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  const wrong: readonly (readonly [what: unknown, says: string])[] = [
    [undefined, 'expected object'],
    ['text', 'expected object'],
    [{ ...sampleEnsembleDocument(), status: 'done' }, 'status: '],
    [{ ...sampleEnsembleDocument(), timings: undefined }, 'timings: '],
    [{ ...sampleEnsembleDocument(), agents: { a: { status: 'ok' } } }, 'agents.a.kind: '],
    [{ ...sampleEnsembleDocument(), extra: cyclic }, 'circular'],
    [{ ...sampleEnsembleDocument(), extra: 1n }, 'BigInt'],
    [
      { ...sampleEnsembleDocument(), extra: JSON.parse('['.repeat(300) + ']'.repeat(300)) },
      'deeper than 200',
    ],
  ];

  test.each(wrong)('is refused where fields are gone or it is no JSON: %#', (value, says) => {
    expect(() => readEnsembleDocument(value)).toThrow(says);
  });

  test('may say more', () => {
    const more = { ...sampleEnsembleDocument(), note: { mine: true } };
    expect(readEnsembleDocument(more)).toEqual(more);
  });
});
