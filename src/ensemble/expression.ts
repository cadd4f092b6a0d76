import { Environment } from '@marcbachmann/cel-js';
import { firstLineOf, type JsonValue, OrreryError } from '../core/index.ts';
import { explainExpression, refuseMisread } from './misread-expression.ts';
import type { Scope } from './scope.ts';

/** A small formula over a turn, in CEL (cel.dev): no loops without end, no access to anything but its values. */
export interface Expression {
  readonly text: string;
  /** @throws OrreryError `agent-failed` when it has no value, e.g. of a key that is not there */
  evaluate(scope: Scope, output?: JsonValue): JsonValue;
}

/** Words that CEL keeps for itself; agents of these names are reached as `agents["in"]`. */
const celWords = new Set(
  'as break const continue else false for function if import in let loop namespace null package return true var void while'.split(
    ' ',
  ),
);

/** Whole numbers are of a type of their own in CEL; people do not expect `n + 1` to fail, nor what it gives to be unlike a number. */
const mixed = ['+', '-', '*', '/'].flatMap((sign) =>
  [
    ['double', 'int'],
    ['int', 'double'],
  ].map(([left, right]) => ({ sign, left, right })),
);

const operations: { readonly [sign: string]: (a: number, b: number) => number } = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
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
  const names = dependsOn.map((name) => [name, name.replaceAll('-', '_')] as const);
  const spoken = names.filter(([, word]) => !celWords.has(word) && !environment.hasVariable(word));
  for (const [, word] of spoken) {
    if (!environment.hasVariable(word)) environment.registerVariable(word, 'dyn');
  }
  const around = { text, spoken, dependsOn, others, variables: [...variables, 'agents'] };
  const refuse = (thrown: unknown) => {
    const { why, hint } = explainExpression(firstLineOf(thrown), around);
    return new OrreryError('ensemble-invalid', `\`${text}\` is no expression: ${why}`, { hint });
  };
  const parsed = attempt(() => environment.parse(text), refuse);
  const checked = parsed.check();
  if (!checked.valid) throw refuse(checked.error);
  refuseMisread(parsed.ast, around);
  return {
    text,
    evaluate(scope, output) {
      const value = attempt(
        () => parsed(variablesOf(scope, spoken, output)),
        (thrown) =>
          new OrreryError('agent-failed', `\`${text}\` has no value: ${firstLineOf(thrown)}`, {
            hint: 'A key that may be missing is asked for with has(…).',
          }),
      );
      return plainValue(value);
    },
  };
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

/** CEL's whole numbers and maps as JSON has them. */
function plainValue(value: unknown): JsonValue {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plainValue);
  if (value instanceof Map) return plainValue(Object.fromEntries(value));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]));
  }
  return (value ?? null) as JsonValue;
}
