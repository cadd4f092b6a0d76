import { z } from 'zod';
import { nearestWord, OrreryError } from '../core/index.ts';
import { refusal } from '../yaml/index.ts';
import type { AgentBody, AgentSpec, EnsembleSpec, OutputSpec } from './agent-spec.ts';
import { compileExpression } from './expression.ts';
import { findGraphProblem } from './plan-phases.ts';
import { findRoutes } from './routes.ts';
import type { Runners } from './runner.ts';
import { compileTemplate } from './template.ts';

/** Words that mean something else in expressions and places. */
const takenNames = ['input', 'item', 'index', 'round', 'previous', 'output', 'agents'];

const milliseconds = z.int().min(1).max(86_400_000).describe('whole milliseconds from 1 to 86400000');
const atOnce = z.int().min(1).max(1_000).describe('a whole number from 1 to 1000');
const expression = z.string().min(1).max(2_000).describe('an expression such as reader.status == "ok"');
const agentName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/)
  .refine((name) => !takenNames.includes(name))
  .describe(
    `a name: a letter, then letters, digits, hyphens and underscores, and none of ${takenNames.join(', ')}`,
  );
const agentNames = z.array(agentName).describe("a list of agents' names");

/** Keys that every agent may have. */
const commonKeys = {
  name: agentName,
  depends_on: agentNames.default([]),
  required: agentNames.default([]),
  when: expression.optional(),
  fanOut: expression.optional(),
  concurrency: atOnce.optional(),
  loop: z
    .strictObject({
      until: expression,
      max: z.int().min(1).max(1_000).describe('a whole number from 1 to 1000'),
    })
    .optional(),
  timeoutMs: milliseconds.optional(),
  retries: z.int().min(0).max(10).describe('a whole number from 0 to 10').default(0),
  pure: z.boolean().describe('true or false').default(false),
};

const outputSchema = z.union([
  z.strictObject({ from: agentName }),
  z.strictObject({ template: z.string().min(1).describe('a text with {{places}}') }),
]);

/** What an agent of any of these kinds may say, beside what all may. */
function agentSchema(runners: Runners) {
  const bodies = [...runners.values()].map(({ kind, settings }) =>
    z.strictObject({ kind: z.literal(kind), ...settings.shape }),
  );
  const rules = z.discriminatedUnion('kind', bodies as [(typeof bodies)[number]]).optional();
  const agents = bodies.map((body) => z.strictObject({ ...commonKeys, rules, ...body.shape }));
  return z.discriminatedUnion('kind', agents as [(typeof agents)[number]]);
}

/** The text of an ensemble, before it is made a spec; also what the JSON Schema for editors is made of. */
export function ensembleTextSchema(runners: Runners) {
  return z.strictObject({
    ensemble: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
      .describe('the name of the ensemble: letters, digits, dots, hyphens and underscores'),
    description: z.string().max(2_000).describe('a sentence').optional(),
    agents: z.array(agentSchema(runners)).min(1).max(2_000).describe('a list of 1 to 2000 agents'),
    output: outputSchema.describe('{ from: AGENT } or { template: TEXT }').optional(),
    concurrency: atOnce.optional(),
    timeoutMs: milliseconds.optional(),
  });
}

type EnsembleText = z.infer<ReturnType<typeof ensembleTextSchema>>;

/** A schema of a dozen kinds takes longer to make than a file to read. */
const made = new WeakMap<Runners, z.ZodType<EnsembleSpec>>();

/** What an ensemble's file may say, and the spec it makes. Every description is what an error says was expected. */
export function ensembleSchema(runners: Runners): z.ZodType<EnsembleSpec> {
  const schema = made.get(runners) ?? makeSchema(runners);
  made.set(runners, schema);
  return schema;
}

function makeSchema(runners: Runners): z.ZodType<EnsembleSpec> {
  const text = ensembleTextSchema(runners)
    .superRefine((text, context) => {
      for (const fault of faultsIn(text, runners)) {
        context.addIssue(refusal(fault.error, fault.path));
      }
    })
    .transform((text) => specOf(text));
  return runners.has('code') ? text : z.unknown().superRefine(refuseFunctions).pipe(text);
}

/** A file can hold no function, and a list of other kinds would not say where they belong. */
function refuseFunctions(value: unknown, context: z.RefinementCtx): void {
  const agents: unknown = (value as { readonly agents?: unknown } | null)?.agents;
  if (!Array.isArray(agents)) return;
  const index = agents.findIndex((agent: { readonly kind?: unknown } | null) => agent?.kind === 'code');
  if (index === -1) return;
  const error = new OrreryError(
    'ensemble-invalid',
    'agents of kind `code` are functions, which only a program can give',
    { hint: 'Use defineEnsemble in a program, or kind: model with a file of your own, or kind: script.' },
  );
  context.addIssue(refusal(error, ['agents', index, 'kind']));
}

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly error: OrreryError;
}

/** What holds between agents, and what is written in expressions; the first fault of each sort. */
function faultsIn(text: EnsembleText, runners: Runners): readonly Fault[] {
  const graph = graphFault(text, runners);
  // Expressions speak of agents, so they make sense only where those do.
  return graph === null ? [...expressionFaults(text, runners), ...outputFaults(text)] : [graph];
}

function graphFault(text: EnsembleText, runners: Runners): Fault | null {
  const nodes = caught(['agents'], () => nodesIn(text, runners));
  if ('error' in nodes) return nodes;
  const problem = findGraphProblem(nodes.value);
  if (problem === null) return null;
  const error = new OrreryError('agents-invalid', problem.message, { hint: problem.hint });
  return { path: ['agents', problem.agent, problem.key], error };
}

/** Agents with those that route to them among whom they depend on. @throws OrreryError `agents-invalid` */
function nodesIn(text: EnsembleText, runners: Runners) {
  const { agents } = specOf(text);
  const routes = findRoutes(agents, runners);
  return agents.map(({ name, dependsOn, required }) => {
    const routers = (routes.get(name) ?? []).map(({ router }) => router);
    return { name, dependsOn: [...new Set([...dependsOn, ...routers])], required };
  });
}

function expressionFaults(text: EnsembleText, runners: Runners): readonly Fault[] {
  const names = text.agents.map(({ name }) => name);
  const nodes = nodesIn(text, runners);
  return text.agents.flatMap((agent, index) => faultsOf(agent, index, nodes[index]!.dependsOn, names));
}

function faultsOf(
  { when, fanOut, loop }: EnsembleText['agents'][number],
  index: number,
  dependsOn: readonly string[],
  names: readonly string[],
): readonly Fault[] {
  const written: readonly (readonly [path: readonly string[], text: string | undefined])[] = [
    [['when'], when],
    [['fanOut'], fanOut],
    [['loop', 'until'], loop?.until],
  ];
  return written.flatMap(([path, text]) => {
    if (text === undefined) return [];
    const outcome = caught(['agents', index, ...path], () => compileExpression(text, dependsOn, names));
    return 'error' in outcome ? [outcome] : [];
  });
}

function outputFaults({ output, agents }: EnsembleText): readonly Fault[] {
  const names = agents.map(({ name }) => name);
  if (output === undefined) {
    const { name } = lastAgent(agents);
    return name === null && agents.length > 0 ? [noSingleEnd(agents)] : [];
  }
  if ('template' in output) {
    const outcome = caught(['output', 'template'], () => compileTemplate(output.template, names, 'output'));
    return 'error' in outcome ? [outcome] : [];
  }
  return names.includes(output.from) ? [] : [noSuchOutput(output.from, names)];
}

function noSuchOutput(from: string, names: readonly string[]): Fault {
  const nearest = nearestWord(from, names);
  const suggestion = nearest === null ? '' : `; did you mean \`${nearest}\`?`;
  const error = new OrreryError('ensemble-invalid', `there is no agent \`${from}\`${suggestion}`, {
    hint: `Agents are ${names.join(', ')}.`,
  });
  return { path: ['output', 'from'], error };
}

/** The one agent that nobody waits for. */
function lastAgent(agents: readonly { readonly name: string; readonly depends_on: readonly string[] }[]) {
  const heard = new Set(agents.flatMap(({ depends_on }) => depends_on));
  const ends = agents.filter(({ name }) => !heard.has(name));
  return { name: ends.length === 1 ? ends[0]!.name : null, ends: ends.map(({ name }) => name) };
}

function noSingleEnd(agents: EnsembleText['agents']): Fault {
  const { ends } = lastAgent(agents);
  const error = new OrreryError(
    'ensemble-invalid',
    `\`output\` is missing, and ${ends.length} agents could be it: ${ends.join(', ')}`,
    { hint: `Write output: { from: ${ends[0] ?? 'AGENT'} }, or a template of several.` },
  );
  return { path: [], error };
}

function caught<Value>(path: readonly PropertyKey[], work: () => Value): Fault | { readonly value: Value } {
  try {
    return { value: work() };
  } catch (thrown) {
    if (!(thrown instanceof OrreryError)) throw thrown;
    return { path, error: thrown };
  }
}

function specOf(text: EnsembleText): EnsembleSpec {
  return {
    name: text.ensemble,
    description: text.description ?? null,
    agents: text.agents.map(agentOf),
    output: outputOf(text),
    concurrency: text.concurrency ?? null,
    timeoutMs: text.timeoutMs ?? null,
  };
}

function outputOf({ output, agents }: EnsembleText): OutputSpec {
  if (output !== undefined && 'template' in output) return { kind: 'template', template: output.template };
  return { kind: 'agent', from: output?.from ?? lastAgent(agents).name ?? '' };
}

function agentOf(agent: EnsembleText['agents'][number]): AgentSpec {
  const {
    name,
    depends_on,
    required,
    when,
    fanOut,
    concurrency,
    loop,
    timeoutMs,
    retries,
    pure,
    rules,
    ...body
  } = agent;
  // A kind may have rules of its own, a list of them; those of any agent are a body.
  const own = Array.isArray(rules) ? { ...body, rules } : body;
  return {
    ...bodyOf(own),
    name,
    dependsOn: depends_on,
    required,
    when: when ?? null,
    fanOut: fanOut ?? null,
    concurrency: concurrency ?? null,
    loop: loop ?? null,
    timeoutMs: timeoutMs ?? null,
    retries,
    pure,
    rules: rules === undefined || Array.isArray(rules) ? null : bodyOf(rules),
  };
}

function bodyOf({ kind, ...settings }: { readonly kind: string }): AgentBody {
  return { kind, settings };
}
