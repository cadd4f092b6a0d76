import type { ASTNode } from '@marcbachmann/cel-js';
import { nearestWord, OrreryError } from '../core/index.ts';
import { nodesIn } from './bounded-expression.ts';

/** Where an expression stands, for what is said of a mistake in it. */
export interface ExpressionSurroundings {
  readonly text: string;
  /** Of those it depends on, which can be spoken of by a word of their own, and by which. */
  readonly spoken: readonly (readonly [name: string, word: string])[];
  readonly dependsOn: readonly string[];
  /** All agents there are; empty where they are not known. */
  readonly others: readonly string[];
  /** Words that are no agents. */
  readonly variables: readonly string[];
}

interface Advice {
  readonly why: string;
  readonly hint: string;
}

/** What the language itself found wrong, in words of ensembles. */
export function explainExpression(problem: string, around: ExpressionSurroundings): Advice {
  const usual = 'An expression is like `reader.status == "ok"`; docs/ensembles.md has more.';
  const reserved = /^Reserved identifier: (\w+)/.exec(problem)?.[1];
  if (reserved !== undefined && around.dependsOn.includes(reserved)) return explainKept(reserved);
  const unknown = /^Unknown variable: (\w+)/.exec(problem)?.[1];
  if (unknown !== undefined) return explainUnknown(unknown, problem, around);
  if (joinsTextAndNumber(problem)) return { why: problem, hint: numberAsText };
  const assigns = problem.startsWith('Unexpected character: =');
  return { why: problem, hint: assigns ? '`==` compares; a single `=` means nothing.' : usual };
}

export const numberAsText = 'A number becomes text by string(…): write string(input.n).';

/** Whether what CEL complains of is `+` between text and a number. */
export function joinsTextAndNumber(problem: string): boolean {
  const types = /^no such overload: (?:dyn<)?(\w+)>? \+ (?:dyn<)?(\w+)/.exec(problem)?.slice(1) ?? [];
  return types.includes('string') && types.some((type) => type === 'int' || type === 'double');
}

function explainUnknown(word: string, problem: string, around: ExpressionSurroundings): Advice {
  const { text, spoken, dependsOn, others, variables } = around;
  const alike = namesOf(word, dependsOn);
  if (alike.length > 1) {
    const why = `\`${word}\` could be ${alike.map((name) => `\`${name}\``).join(' or ')}`;
    return { why, hint: `Write ${alike.map((name) => `agents["${name}"]`).join(' or ')}.` };
  }
  const hyphened = [...dependsOn, ...others].find((name) => name.includes('-') && hasWord(text, name));
  if (hyphened !== undefined) {
    const ownWord = hyphened.replaceAll('-', '_');
    const written = namesOf(ownWord, dependsOn).length > 1 ? `agents["${hyphened}"]` : ownWord;
    return {
      why: `${problem}; a hyphen is a minus sign in it`,
      hint: `Write \`${written}\` for \`${hyphened}\`.`,
    };
  }
  const outsider = others.find((name) => name.replaceAll('-', '_') === word);
  if (outsider !== undefined && !dependsOn.includes(outsider)) {
    return {
      why: `${problem}; \`${outsider}\` is an agent, and not among its depends_on`,
      hint: `Add \`${outsider}\` to its depends_on.`,
    };
  }
  const known = [...variables, ...spoken.map(([, name]) => name)];
  return { why: `${problem}${suggestion(word, known)}`, hint: `It can speak of ${known.join(', ')}.` };
}

/** Which agents a word may mean; hyphens are written as underscores. */
export function namesOf(word: string, dependsOn: readonly string[]): readonly string[] {
  return [...new Set(dependsOn)].filter((name) => name.replaceAll('-', '_') === word);
}

function explainKept(word: string): Advice {
  return { why: `\`${word}\` is a word of CEL`, hint: `For the agent write agents["${word}"].` };
}

/**
 * Refuses `string.status` where an agent is called `string`: CEL has a type of that name, which has no status.
 * `kept` are the words that CEL gives a value.
 * @throws OrreryError `ensemble-invalid`
 */
export function refuseKept(node: ASTNode, kept: readonly string[], around: ExpressionSurroundings): void {
  const from = reachedIn(node)?.from;
  if (from?.op === 'id' && kept.includes(from.args)) {
    const { why, hint } = explainKept(from.args);
    throw new OrreryError('ensemble-invalid', `\`${around.text}\`: ${why}`, { hint });
  }
  const bound = boundIn(node);
  const free = kept.filter((word) => word !== bound);
  for (const inner of nodesIn(node.args)) refuseKept(inner, free, around);
}

function hasWord(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w"'-])${name}(?![\\w"'-])`).test(text);
}

function suggestion(word: string, candidates: readonly string[]): string {
  const nearest = nearestWord(word, candidates);
  return nearest === null ? '' : `; did you mean \`${nearest}\`?`;
}

const heardKeys = ['output', 'status', 'error'];

/**
 * Refuses what reads well and never has a value: a key of an agent that only its output has, and an agent in `agents` whom it does not hear.
 * @throws OrreryError `ensemble-invalid`
 */
export function refuseMisread(node: ASTNode, around: ExpressionSurroundings): void {
  const reached = reachedIn(node);
  if (reached !== null) refuseReached(reached, around);
  const bound = boundIn(node);
  const within = bound === null ? around : without(bound, around);
  for (const inner of nodesIn(node.args)) refuseMisread(inner, within);
}

/** One step into something, e.g. of `reader.score` from `reader` to `score`. */
interface Reached {
  readonly from: ASTNode;
  readonly key: string;
}

function reachedIn({ op, args }: ASTNode): Reached | null {
  if (op === '.' || op === '.?') return { from: args[0], key: args[1] };
  if (op !== '[]' && op !== '[?]') return null;
  const [from, key] = args;
  return key.op === 'value' && typeof key.args === 'string' ? { from, key: key.args } : null;
}

function refuseReached({ from, key }: Reached, around: ExpressionSurroundings): void {
  if (isAgents(from)) {
    refuseUnheard(key, around);
    return;
  }
  if (heardKeys.includes(key) || !isAgent(from, around)) return;
  const agent = around.text.slice(from.start, from.end);
  throw new OrreryError(
    'ensemble-invalid',
    `\`${around.text}\`: \`${agent}\` has output, status and error, and no \`${key}\`${suggestion(key, heardKeys)}`,
    { hint: `For what it said write \`${agent}.output.${key}\`.` },
  );
}

function refuseUnheard(name: string, { text, dependsOn, others }: ExpressionSurroundings): void {
  if (dependsOn.includes(name)) return;
  const outsider = others.length === 0 || others.includes(name);
  const what = outsider ? 'is not among its depends_on' : `is no agent${suggestion(name, others)}`;
  const heard = `It hears ${dependsOn.join(', ') || 'nobody'}.`;
  throw new OrreryError('ensemble-invalid', `\`${text}\` speaks of \`${name}\`, which ${what}`, {
    hint: outsider ? `Add \`${name}\` to its depends_on. ${heard}` : heard,
  });
}

function isAgents({ op, args }: ASTNode): boolean {
  return op === 'id' && args === 'agents';
}

function isAgent(node: ASTNode, { spoken }: ExpressionSurroundings): boolean {
  if (node.op === 'id') return spoken.some(([, word]) => word === node.args);
  const reached = reachedIn(node);
  return reached !== null && isAgents(reached.from);
}

/** The word for one of many in `list.map(word, …)`. */
function boundIn({ op, args }: ASTNode): string | null {
  if (op !== 'rcall') return null;
  const [first] = args[2];
  return first?.op === 'id' && args[2].length > 1 ? first.args : null;
}

function without(bound: string, around: ExpressionSurroundings): ExpressionSurroundings {
  return { ...around, spoken: around.spoken.filter(([, word]) => word !== bound) };
}
