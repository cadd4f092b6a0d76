import { type JsonValue, nearestWord, OrreryError } from '../core/index.ts';
import { type HeardAgent, type Scope, textOf } from './scope.ts';

/** Text with `{{places}}` that a turn fills. */
export interface Template {
  readonly text: string;
  /** Each once, without the braces. */
  readonly places: readonly string[];
  /** `shorten` has the last word on what a place is filled with. @throws OrreryError `agent-failed` where a place leads into nothing */
  fill(scope: Scope, shorten?: (place: string, words: string) => string): string;
}

const placePattern = /\{\{ *([^{}]*?) *\}\}/g;
const roots = ['input', 'agents', 'item', 'index', 'round', 'previous'];

/**
 * Places are `input`, `item` (of a fan-out), `index`, `previous` and `round` (of a loop), `agents.NAME` (the output of one of
 * `dependsOn`), and paths into them: `input.title`, `agents.reader.score`. Words are filled in as they are, other values as JSON; an
 * agent that failed reads as `[NAME failed: why]`.
 * The output of an ensemble may speak of all of its agents, which are its `dependsOn` then.
 * @throws OrreryError `ensemble-invalid` for a place that leads nowhere
 */
export function compileTemplate(
  text: string,
  dependsOn: readonly string[],
  of: 'agent' | 'output' = 'agent',
): Template {
  const places = [...new Set([...text.matchAll(placePattern)].map(([, place = '']) => place))];
  for (const place of places) checkPlace(place, dependsOn, of);
  return {
    text,
    places,
    fill: (scope, shorten = (_place, words) => words) =>
      text.replace(placePattern, (_whole, place: string) => shorten(place, valueAt(place, scope))),
  };
}

function checkPlace(place: string, dependsOn: readonly string[], of: 'agent' | 'output'): void {
  const [root = '', name = ''] = place.split('.');
  const refuse = (message: string, word: string, candidates: readonly string[], hint: string) => {
    const nearest = nearestWord(word, candidates);
    const suggestion = nearest === null ? '' : `; did you mean \`${nearest}\`?`;
    return new OrreryError('ensemble-invalid', `${message}${suggestion}`, { hint });
  };
  if (dependsOn.includes(root) && !roots.includes(root)) {
    const message = `there is no place \`{{${place}}}\`; did you mean \`{{agents.${place}}}\`?`;
    throw new OrreryError('ensemble-invalid', message, {
      hint: `What \`${root}\` said is {{agents.${root}}}.`,
    });
  }
  if (root === 'agents' && name === '') {
    throw new OrreryError('ensemble-invalid', `\`{{${place}}}\` names nobody`, {
      hint: `Write {{agents.${dependsOn[0] ?? 'NAME'}}}.`,
    });
  }
  if (!roots.includes(root)) {
    throw refuse(`there is no place \`{{${place}}}\``, root, roots, `Places are ${roots.join(', ')}.`);
  }
  if (root === 'agents' && !dependsOn.includes(name)) {
    const there = dependsOn.join(', ') || 'nobody';
    const [what, hint] =
      of === 'output'
        ? [', and there is no such agent', `Agents are ${there}.`]
        : [', which is not among its depends_on', `It depends on ${there}.`];
    throw refuse(`\`{{${place}}}\` speaks of \`${name}\`${what}`, name, dependsOn, hint);
  }
}

function valueAt(place: string, scope: Scope): string {
  const [root = '', ...path] = place.split('.');
  if (root === 'input' && path.length === 0) return scope.input.text;
  if (root === 'agents') return agentAt(path, scope, place);
  return textOf(follow(rootValue(root, scope, place), path, place));
}

function rootValue(root: string, { input, item, round }: Scope, place: string): JsonValue {
  const values: { readonly [root: string]: JsonValue | undefined } = {
    input: input.value,
    item: item?.value,
    index: item?.index,
    round: round?.number,
    previous: round === undefined ? undefined : (round.previous ?? ''),
  };
  const value = values[root];
  if (value === undefined) {
    const where = root === 'item' || root === 'index' ? 'fanOut' : 'loop';
    throw new OrreryError('agent-failed', `\`{{${place}}}\` has a meaning only in an agent with ${where}`, {
      hint: `Give the agent a ${where}, or take the place out.`,
    });
  }
  return value;
}

function agentAt([name = '', ...path]: readonly string[], { agents }: Scope, place: string): string {
  const heard: HeardAgent | undefined = agents[name];
  if (heard === undefined) throw new RangeError(`agent ${name} was not heard`);
  if (heard.status !== 'ok') return `[${name} ${heard.status}: ${heard.error?.message ?? 'no answer'}]`;
  return textOf(follow(heard.output, path, place));
}

function follow(start: JsonValue, path: readonly string[], place: string): JsonValue {
  let value: JsonValue = start;
  for (const key of path) {
    const inner: JsonValue | undefined =
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as { readonly [key: string]: JsonValue })[key]
        : undefined;
    if (inner === undefined) throw leadsIntoNothing(place, key, value);
    value = inner;
  }
  return value;
}

function leadsIntoNothing(place: string, key: string, value: JsonValue): OrreryError {
  const keys = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  const nearest = nearestWord(key, keys);
  const suggestion = nearest === null ? '' : `; did you mean \`${nearest}\`?`;
  const message = `\`{{${place}}}\` leads into nothing: there is no \`${key}\`${suggestion}`;
  const [root, name, first] = place.split('.');
  const hint = root === 'agents' && first === key ? hintOfAgent(name!, key) : null;
  return new OrreryError('agent-failed', message, { hint: hint ?? hintOf(value, keys) });
}

/** Null for what is no word of expressions. */
function hintOfAgent(name: string, key: string): string | null {
  if (key === 'output') return `\`{{agents.${name}}}\` is the output already.`;
  if (key !== 'status' && key !== 'error') return null;
  const word = name.replaceAll('-', '_');
  return `A place holds what it said. In an expression write \`${word}.${key}\`.`;
}

const mostKeys = 20;

function hintOf(value: JsonValue, keys: readonly string[]): string {
  if (keys.length > mostKeys)
    return `It has ${keys.slice(0, mostKeys).join(', ')} and ${keys.length - mostKeys} more.`;
  if (keys.length > 0) return `It has ${keys.join(', ')}.`;
  if (Array.isArray(value)) return `It is a list of ${value.length}, whose places are numbers from 0.`;
  const what = value === null ? 'null' : typeof value === 'string' ? 'a text' : `a ${typeof value}`;
  return `It is ${typeof value === 'object' && value !== null ? 'an object without keys' : what}.`;
}
