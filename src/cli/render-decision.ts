import type { DecisionRecord, Outcome } from '../core/index.ts';
import {
  actionDirection,
  actionGlyph,
  byWhom,
  callSentence,
  evidenceMark,
  evidenceSentence,
  failureSentences,
  guardSentence,
  headline,
  outcomeSentence,
  price,
  quantity,
  share,
  splitMissing,
  stanceDirection,
  stanceGlyph,
  utcTime,
  type Voice,
  weighVoices,
} from '../wording/index.ts';
import {
  displayWidth,
  forTerminal,
  harmless,
  oneLine,
  padEnd,
  paint,
  type Terminal,
  wrap,
} from './terminal.ts';

/** A record and what belongs to it; `prompt` and `answer` are null where no provider was asked. */
export interface DecisionView {
  readonly decision: DecisionRecord;
  /** The records it rests on. */
  readonly voices: readonly DecisionRecord[];
  readonly outcome: Outcome | null;
  readonly prompt: string | null;
  readonly answer: string | null;
}

/** Parts shown on demand, one flag each. */
export interface DecisionSections {
  readonly evidence: boolean;
  readonly parents: boolean;
  readonly prompt: boolean;
  readonly raw: boolean;
}

const labelWidth = 11;

/** `orrery decisions show` for people. Ends with a newline. */
export function renderDecision(view: DecisionView, sections: DecisionSections, terminal: Terminal): string {
  const { decision } = view;
  const width = Math.max(50, Math.min(terminal.columns, 110));
  const lines = [
    title(decision, terminal),
    `  ${[byWhom(decision), callSentence(decision)].filter((part) => part !== null).join(' · ')}`,
    '',
    ...wrap(harmless(decision.reasoning), width - 2).map((line) => `  ${line}`),
    '',
    ...block('Why', factorLines(decision), width),
    ...voiceBlocks(view, width, terminal),
    ...consequences(view, width, terminal),
    ...extras(view, sections, width),
    '',
    paint(terminal, 'dim', '  --prompt  --raw  --evidence  --parents  --json'),
  ];
  return `${forTerminal(terminal, lines.join('\n'))}\n`;
}

function title(record: DecisionRecord, terminal: Terminal): string {
  const isDecision = record.kind === 'decision';
  const glyph = isDecision ? actionGlyph(record.action) : stanceGlyph(record.stance);
  const look = isDecision ? actionDirection(record.action) : stanceDirection(record.stance);
  const what = isDecision
    ? headline(record)
    : `${record.kind} of ${record.agent}: ${record.stance} ${record.instrument}`;
  return `${paint(terminal, look, `${glyph} ${oneLine(what)}`)}   confidence ${share(record.confidence)}   ${utcTime(record.at)}`;
}

/** Text that is broken under itself, after a head that stands in the first line only. */
interface Entry {
  readonly head: string;
  readonly text: string;
}

/** A label at the left, its entries beside it. */
function block(label: string, entries: readonly (Entry | string)[], width: number): readonly string[] {
  const lines = entries.flatMap((entry) => {
    const { head, text } = typeof entry === 'string' ? { head: '', text: entry } : entry;
    const indent = displayWidth(head);
    return wrap(text, Math.max(24, width - labelWidth - indent)).map((part, index) =>
      index === 0 ? head + part : ' '.repeat(indent) + part,
    );
  });
  return lines.map((line, index) => `  ${padEnd(index === 0 ? `${label} ` : '', labelWidth - 2)}${line}`);
}

function factorLines(record: DecisionRecord): readonly string[] {
  const byId = new Map(record.evidence.map((evidence) => [evidence.id, evidence]));
  return record.keyFactors.map((factor) => {
    const cited = factor.evidence.map((id) => {
      const evidence = byId.get(id);
      return evidence === undefined
        ? `${evidenceMark(record.agent, id)} not stored`
        : evidenceSentence(evidence, record.agent);
    });
    return [factor.text, ...cited].map(oneLine).join('  ');
  });
}

function voiceBlocks(view: DecisionView, width: number, terminal: Terminal): readonly string[] {
  if (view.decision.kind !== 'decision') return [];
  const weighed = weighVoices(view.decision, view.voices);
  const names = view.voices.map((voice) => voice.agent.length);
  const nameWidth = Math.min(16, Math.max(0, ...names)) + 2;
  const group = (label: string, voices: readonly Voice[]) => {
    const lines = voices.flatMap((voice) => voiceLines(voice, nameWidth, terminal));
    return block(label, lines.length === 0 ? ['–'] : lines, width);
  };
  return [
    ...group('For', weighed.for),
    ...group('Against', weighed.against),
    ...(weighed.undecided.length === 0 ? [] : group('Undecided', weighed.undecided)),
  ];
}

function voiceLines(voice: Voice, nameWidth: number, terminal: Terminal): readonly Entry[] {
  const record = voice.signal ?? voice.proposal;
  if (record === null) return [];
  const stance = paint(terminal, stanceDirection(record.stance), stanceGlyph(record.stance));
  const factors = factorLines(record);
  const said = factors.length === 0 ? [oneLine(record.reasoning)] : factors;
  const head = `${padEnd(oneLine(voice.agent), nameWidth)}${stance} ${share(record.confidence)}  `;
  const indent = ' '.repeat(displayWidth(head));
  return [...said, ...riskLines(voice)].map((text, index) => ({ head: index === 0 ? head : indent, text }));
}

function riskLines(voice: Voice): readonly string[] {
  const proposed = voice.proposal?.size ?? null;
  const stop = voice.proposal?.stop ?? null;
  return voice.verdicts.flatMap(({ verdict, agent }) => {
    if (verdict === null) return [];
    const size = verdict.adjustedSize === null ? '' : ` ${quantity(verdict.adjustedSize)}`;
    const of = size !== '' && proposed !== null ? ` of ${quantity(proposed)}` : '';
    const parts = [
      verdict.approved ? `approved${size}${of}` : '✕ refused',
      ...(stop === null ? [] : [`stop ${price(stop)}`]),
      `risk score ${share(verdict.riskScore)}`,
      ...verdict.warnings,
    ];
    return [oneLine(`${agent}: ${parts.join(' · ')}`)];
  });
}

function consequences(view: DecisionView, width: number, terminal: Terminal): readonly string[] {
  const { decision, outcome } = view;
  const records = [decision, ...view.voices];
  const { failed, absent } = splitMissing(records);
  const guard = guardSentence(decision);
  const missingText = absent.length === 0 ? 'nothing' : absent.join(' · ');
  const guardText = guard?.startsWith('refused') ? paint(terminal, 'failed', `✕ ${oneLine(guard)}`) : guard;
  return [
    ...block(
      'Failed',
      [...failureSentences(records), ...failed].map((one) => paint(terminal, 'failed', `✕ ${oneLine(one)}`)),
      width,
    ),
    ...block('Missing', [oneLine(`${missingText} · coverage ${share(decision.coverage)}`)], width),
    ...(guardText === null ? [] : block('Guard', [guardText], width)),
    ...(outcome === null ? [] : block('Outcome', [outcomeSentence(outcome)], width)),
  ];
}

function extras(view: DecisionView, sections: DecisionSections, width: number): readonly string[] {
  const { decision } = view;
  const text = (label: string, content: string | null) => [
    '',
    `  ${label}`,
    ...(content === null
      ? ['    none: no provider was asked']
      : harmless(content)
          .split('\n')
          .map((line) => `    ${line}`)),
  ];
  return [
    ...(sections.evidence
      ? [
          '',
          ...block(
            'Evidence',
            decision.evidence.map((one) => oneLine(evidenceSentence(one, decision.agent))),
            width,
          ),
          ...block('Left out', leftOutLines(decision), width),
        ]
      : []),
    ...(sections.parents
      ? [
          '',
          ...block('Rests on', decision.parents.length === 0 ? ['–'] : decision.parents.map(oneLine), width),
        ]
      : []),
    ...(sections.prompt ? text('Prompt', view.prompt) : []),
    ...(sections.raw ? text('Raw answer', view.answer) : []),
  ];
}

/** What a budget left out of the prompt; the record keeps all of the evidence, as rules would have read it. */
function leftOutLines({ inputs }: DecisionRecord): readonly string[] {
  return Object.entries(inputs['leftOut'] ?? {}).map(([input, lines]) =>
    oneLine(`${input}: the model was not shown its last ${lines === 1 ? 'line' : `${lines} lines`}`),
  );
}
