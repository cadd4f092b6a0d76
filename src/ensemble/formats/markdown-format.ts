import type { AgentOutcome, EnsembleDocument, Routing } from '../ensemble-document.ts';
import type { HeardError } from '../scope.ts';
import { textOf } from '../scope.ts';
import { shortfallOf } from './shortfall.ts';

/** A report: what came out, how every agent fared, what went wrong, and what it took. */
export function formatMarkdown(document: EnsembleDocument): string {
  const { ensemble, run, status, error } = document;
  const sections = [
    `# ${inline(ensemble)}`,
    `Run \`${run}\`: **${status}**${error === null ? '' : `, because ${reason(error)}`}.`,
    ...(status === 'failed' ? [] : ['## Output', block(document)]),
    '## Agents',
    agentTable(document),
    ...failures(document),
    '## Usage',
    usage(document),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Words are Markdown already, as models write it; data stands in a fence longer than any within. */
function block({ output }: EnsembleDocument): string {
  if (typeof output === 'string') return output.trim() === '' ? '_an empty text_' : output.trimEnd();
  const text = textOf(output);
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}json\n${text}\n${fence}`;
}

function agentTable({ phases, agents }: EnsembleDocument): string {
  const rows = phases.flatMap((names, phase) =>
    names.flatMap((name) => {
      const outcome = agents[name];
      return outcome === undefined ? [] : [agentRow(name, phase + 1, outcome)];
    }),
  );
  return [
    '| phase | agent | kind | status | source | model | time (ms) | tokens in | tokens out | cost (USD) |',
    '|---:|---|---|---|---|---|---:|---:|---:|---:|',
    ...rows,
  ].join('\n');
}

function agentRow(name: string, phase: number, outcome: AgentOutcome): string {
  const { kind, status, source, model, latencyMs, promptTokens, responseTokens, costUsd } = outcome;
  const cells = [
    ...[phase, name, kind, status, source ?? '–', model ?? '–', Math.round(latencyMs)],
    ...[promptTokens, responseTokens, amount(costUsd)],
  ];
  return `| ${cells.map((cell) => inline(String(cell))).join(' | ')} |`;
}

function failures({ agents }: EnsembleDocument): readonly string[] {
  const lines = Object.entries(agents).flatMap(([name, outcome]) => {
    const wrong = wrongWith(outcome);
    return wrong === null ? [] : [`- **${inline(name)}** ${outcome.status}${wrong}`];
  });
  return lines.length === 0 ? [] : ['## What went wrong', lines.join('\n')];
}

/** Whom nobody needed did nothing wrong. */
function wrongWith(outcome: AgentOutcome): string | null {
  const { error } = outcome;
  if (error !== null) return error.code === 'agent-skipped' ? null : `: ${reason(error)}`;
  const lacking = shortfallOf(outcome);
  return lacking === null ? null : `, ${prose(lacking)}`;
}

function reason({ code, message, hint }: HeardError): string {
  return prose(
    `${message.replace(/\.$/, '')} (${code}${hint === null ? '' : `; ${hint.replace(/\.$/, '')}`})`,
  );
}

function usage({ usage: used, timings, routing }: EnsembleDocument): string {
  const { calls, cacheHits, promptTokens, responseTokens, costUsd } = used;
  const lines = [
    `- ${counted(calls, 'question')} to models, ${cacheHits} answered from the cache`,
    `- ${promptTokens} tokens in, ${responseTokens} out, ${amount(costUsd)} USD`,
    `- ${Math.round(timings.totalMs)} ms; one agent after the other ${Math.round(timings.sequentialMs)} ms`,
  ];
  return [...lines, ...routingLine(routing)].join('\n');
}

function routingLine(routing: Routing | undefined): readonly string[] {
  if (routing === undefined || routing.spared.length === 0) return [];
  const { spared, callsSaved, routerCalls } = routing;
  const agents = counted(spared.length, 'agent');
  const questions = callsSaved > 0 ? ` and ${counted(callsSaved, 'question')}` : '';
  const price = routerCalls > 0 ? `, for ${counted(routerCalls, 'question')} of its own` : '';
  return [`- routing spared ${agents}${questions}${price}`];
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Sums of prices have digits that mean nothing. */
function amount(usd: number): string {
  return String(Number(usd.toPrecision(6)));
}

/** One line outside a table. What stands between backticks is shown as it is, and needs no escaping. */
function prose(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line
    .split(/((?<!`)(?:(`+)(?!`).*?[^`]\2(?!`)))/)
    .map((part, index) => (index % 3 === 0 ? escaped(part) : index % 3 === 1 ? part : ''))
    .join('');
}

/** One line that means nothing in a table, nor as HTML. */
function inline(text: string): string {
  return escaped(text.replace(/\s+/g, ' ').trim());
}

function escaped(text: string): string {
  return text.replace(/[\\|<>*_[\]]/g, (sign) =>
    sign === '<' ? '&lt;' : sign === '>' ? '&gt;' : `\\${sign}`,
  );
}
