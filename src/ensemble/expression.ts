import { Environment } from '@marcbachmann/cel-js';
import { firstLineOf, type JsonValue, OrreryError } from '../core/index.ts';
import { createBoundedProgram, mostValues, refuseUnbounded } from './bounded-expression.ts';
import {
  explainExpression,
  joinsTextAndNumber,
  namesOf,
  numberAsText,
  refuseKept,
  refuseMisread,
} from './misread-expression.ts';
import type { Scope } from './scope.ts';

/** A small formula over a turn, in CEL (cel.dev): bounded in what it goes over, no access to anything but its values. */
export interface Expression {
  readonly text: string;
  /** @throws OrreryError `agent-failed` when it has no value, e.g. of a key that is not there */
  evaluate(scope: Scope, output?: JsonValue): JsonValue;
}

/** Words that CEL keeps for itself; agents of these names are reached as `agents["in"]`. */
const celWords = new Set(
  'as break const continue else false for function if import in let loop namespace null package prototype return true var void while'.split(
    ' ',
  ),
);

/** Whole numbers are of a type of their own in CEL; people do not expect `n + 1` to fail, nor what it gives to be unlike a number. */
const mixed = ['+', '-', '*', '/', '%'].flatMap((sign) =>
  [['double', 'int'], ['int', 'double'], ...(sign === '%' ? [['double', 'double']] : [])].map(
    ([left, right]) => ({ sign, left, right }),
  ),
);

const operations: { readonly [sign: string]: (a: number, b: number) => number } = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

let shared: Environment | null = null;

function sharedEnvironment(): Environment {
  if (shared !== null) return shared;
  const environment = new Environment({
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: { maxAstNodes: 500, maxDepth: 50 },
  });
  for (const { sign, left, right } of mixed) {
    environment.registerOperator(`${left} ${sign} ${right}: dyn`, (a: number | bigint, b: number | bigint) =>
      operations[sign]!(Number(a), Number(b)),
    );
  }
  for (const name of variables) environment.registerVariable(name, 'dyn');
  environment.registerVariable('agents', 'map<string, dyn>');
  shared = environment;
  return environment;
}

const variables = ['input', 'item', 'index', 'round', 'previous', 'output'];

/**
 * Speaks of `input`, `item`, `index`, `round`, `previous`, `output` (in a loop's `until`), `agents["NAME"]`, and of each of
 * `dependsOn` by its name, hyphens written as underscores: `reader.status == "ok" && reader.output.score > 0.5`.
 * `others` are all agents there are, where that is known, for what an error says of them.
 * @throws OrreryError `ensemble-invalid` for what is no expression or speaks of somebody else
 */
export function compileExpression(
  text: string,
  dependsOn: readonly string[],
  others: readonly string[] = [],
): Expression {
  const environment = sharedEnvironment().clone();
  const names = [...new Set(dependsOn)].map((name) => [name, name.replaceAll('-', '_')] as const);
  const spoken = names.filter(
    ([, word]) =>
      !celWords.has(word) && !environment.hasVariable(word) && namesOf(word, dependsOn).length === 1,
  );
  const kept = names
    .map(([, word]) => word)
    .filter((word) => environment.hasVariable(word) && ![...variables, 'agents'].includes(word));
  for (const [, word] of spoken) environment.registerVariable(word, 'dyn');
  const around = { text, spoken, dependsOn, others, variables: [...variables, 'agents'] };
  const refuse = (thrown: unknown) => {
    const { why, hint } = explainExpression(firstLineOf(thrown), around);
    return new OrreryError('ensemble-invalid', `\`${text}\` is no expression: ${why}`, { hint });
  };
  const parsed = attempt(() => environment.parse(text), refuse);
  refuseUnbounded(parsed.ast, text);
  refuseKept(parsed.ast, kept, around);
  const checked = parsed.check();
  if (!checked.valid) throw refuse(checked.error);
  refuseMisread(parsed.ast, around);
  const program = createBoundedProgram(environment, text);
  return {
    text,
    evaluate(scope, output) {
      const value = attempt(
        () => program(variablesOf(scope, spoken, output)),
        (thrown) => noValue(text, firstLineOf(thrown)),
      );
      return createPlain(text)(value);
    },
  };
}

function noValue(text: string, why: string): OrreryError {
  const hint = joinsTextAndNumber(why) ? numberAsText : 'A key that may be missing is asked for with has(…).';
  return new OrreryError('agent-failed', `\`${text}\` has no value: ${why}`, { hint });
}

function attempt<Value>(work: () => Value, failure: (thrown: unknown) => OrreryError): Value {
  try {
    return work();
  } catch (thrown) {
    throw failure(thrown);
  }
}

function variablesOf(
  { input, agents, item, round }: Scope,
  spoken: readonly (readonly [name: string, word: string])[],
  output: JsonValue | undefined,
): { readonly [name: string]: unknown } {
  const variables: { [name: string]: unknown } = { input: input.value, agents };
  for (const [name, word] of spoken) variables[word] = agents[name];
  if (item !== undefined) {
    variables['item'] = item.value;
    variables['index'] = item.index;
  }
  if (round !== undefined) {
    variables['round'] = round.number;
    variables['previous'] = round.previous;
  }
  if (output !== undefined) variables['output'] = output;
  return variables;
}

/**
 * Makes of CEL's whole numbers and maps what JSON has.
 * @throws OrreryError `agent-failed` for what JSON has not, and for more than anybody can keep: parts may be shared in CEL, never in JSON
 */
function createPlain(text: string): (value: unknown) => JsonValue {
  let left = mostValues;
  const plain = (value: unknown): JsonValue => {
    left -= 1;
    if (left < 0) throw noJson(text, `more than ${mostValues} values`);
    if (typeof value === 'bigint') return Number(value);
    if (typeof value === 'number' && !Number.isFinite(value)) throw noJson(text, String(value));
    if (typeof value !== 'object' || value === null) return (value ?? null) as JsonValue;
    if (Array.isArray(value)) return value.map(plain);
    if (value instanceof Map) return plain(Object.fromEntries(value));
    // CEL's unsigned numbers.
    if (typeof value.valueOf() === 'bigint') return Number(value);
    if (Object.prototype.toString.call(value) !== '[object Object]') throw noJson(text, kindOf(value));
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  };
  return plain;
}

function noJson(text: string, what: string): OrreryError {
  return new OrreryError('agent-failed', `\`${text}\` gives no JSON: ${what}`, {
    hint: 'A time, a duration or bytes become text by a function of theirs, e.g. bytes.base64().',
  });
}

function kindOf(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}
