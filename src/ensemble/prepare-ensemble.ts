import { nearestWord, OrreryError } from '../core/index.ts';
import type { AgentBody, AgentSpec, EnsembleSpec } from './agent-spec.ts';
import type { EnsembleFiles } from './ensemble-files.ts';
import { compileExpression, type Expression } from './expression.ts';
import { type Plan, planPhases } from './plan-phases.ts';
import { findRoutes, type Route } from './routes.ts';
import type { Runners, Surroundings, Work } from './runner.ts';
import { compileTemplate, type Template } from './template.ts';
import { withFanOut } from './with-fan-out.ts';
import { type KeptAnswers, withKeptAnswers } from './with-kept-answers.ts';
import { withLoop } from './with-loop.ts';
import { withRetries } from './with-retries.ts';
import { withRules } from './with-rules.ts';
import { withTimeout } from './with-timeout.ts';

export interface EnsemblePorts {
  readonly runners: Runners;
  readonly files: EnsembleFiles;
  /** Of agents that are pure; null keeps none. */
  readonly answers: KeptAnswers | null;
}

/** One agent with everything it needs opened and checked. */
export interface PreparedAgent {
  readonly spec: AgentSpec;
  /** With those that route to it. */
  readonly dependsOn: readonly string[];
  readonly when: Expression | null;
  /** The routes that lead to it; none for an agent that always works. */
  readonly routes: readonly Route[];
  readonly work: Work;
}

/** Made once, run often; holds nothing open. */
export interface PreparedEnsemble {
  readonly spec: EnsembleSpec;
  readonly plan: Plan;
  readonly agents: ReadonlyMap<string, PreparedAgent>;
  /** Of an output that is a text around what agents said. */
  readonly template: Template | null;
  /** Ensembles within one another in it, 0 for none. */
  readonly depth: number;
  /** Questions to models when every agent works once. */
  readonly questions: number;
  /** What is not as written, though it works; those of ensembles within stand with the agent they are. */
  readonly notes: readonly AgentNote[];
}

export interface AgentNote {
  readonly agent: string;
  readonly note: string;
}

/** Ensembles within ensembles. */
const deepest = 8;

/**
 * Opens every file an ensemble names and checks every place and expression in it, so that nothing is begun that cannot be
 * finished. `chain` are the files of those around it.
 * @throws OrreryError `ensemble-invalid`, `agents-invalid`, and what opening files throws
 */
export function prepareEnsemble(
  spec: EnsembleSpec,
  ports: EnsemblePorts,
  chain: readonly string[] = [],
): PreparedEnsemble {
  refuseTooDeep(chain, 0);
  const routes = findRoutes(spec.agents, ports.runners);
  const nodes = spec.agents.map(({ name, dependsOn, required }) => {
    const routers = (routes.get(name) ?? []).map(({ router }) => router);
    return { name, dependsOn: [...new Set([...dependsOn, ...routers])], required };
  });
  const plan = planPhases(nodes);
  const agents = new Map(
    spec.agents.map((agent, index) => {
      const { dependsOn } = nodes[index]!;
      const prepared = prepareAgent(agent, {
        ...{ spec, ports, chain, dependsOn },
        routes: routes.get(agent.name) ?? [],
      });
      return [agent.name, prepared];
    }),
  );
  return {
    spec,
    plan,
    agents,
    template: templateOf(spec),
    depth: Math.max(0, ...[...agents.values()].map(({ work }) => work.depth ?? 0)),
    questions: [...agents.values()].reduce((sum, { work }) => sum + (work.questions ?? 0), 0),
    notes: [...agents].flatMap(([agent, { work }]) => (work.notes ?? []).map((note) => ({ agent, note }))),
  };
}

/** @throws OrreryError `ensemble-invalid` for what stands too deep, with `depth` more levels within */
export function refuseTooDeep(chain: readonly string[], depth: number): void {
  if (chain.length + depth <= deepest) return;
  throw new OrreryError('ensemble-invalid', `ensembles stand in each other more than ${deepest} deep`, {
    hint: `They are ${chain.join(' → ')}.`,
  });
}

interface Place {
  readonly spec: EnsembleSpec;
  readonly ports: EnsemblePorts;
  readonly chain: readonly string[];
  readonly dependsOn: readonly string[];
  readonly routes: readonly Route[];
}

function prepareAgent(agent: AgentSpec, place: Place): PreparedAgent {
  const { spec, ports, chain, dependsOn, routes } = place;
  const surroundings: Surroundings = {
    ensemble: spec.name,
    agent: agent.name,
    dependsOn,
    routers: dependsOn.filter((name) => !agent.dependsOn.includes(name)),
    agents: spec.agents.map(({ name }) => name),
    files: ports.files,
    chain,
    prepare: (body) => prepareBody(body, ports.runners, surroundings),
  };
  try {
    return {
      spec: agent,
      dependsOn,
      when: agent.when === null ? null : compileExpression(agent.when, dependsOn),
      routes,
      work: wrapped(agent, dependsOn, ports, surroundings),
    };
  } catch (thrown) {
    throw inAgent(thrown, agent.place ?? spec.name, agent.name);
  }
}

/** All wrappers in their order, outermost first: each item → each round → each try → its time → kept answers → rules → the work itself. */
function wrapped(
  agent: AgentSpec,
  dependsOn: readonly string[],
  ports: EnsemblePorts,
  surroundings: Surroundings,
): Work {
  const { name, fanOut, concurrency, loop, retries, timeoutMs, pure, rules } = agent;
  const own = surroundings.prepare(agent);
  const able = withRules(rules === null ? null : surroundings.prepare(rules), own);
  const kept = withKeptAnswers(pure ? ports.answers : null, able);
  const tried = withRetries(retries, withTimeout(name, timeoutMs, kept));
  const looped = withLoop(loop, dependsOn, tried);
  return withFanOut(fanOut === null ? null : { agent: name, list: fanOut, concurrency, dependsOn }, looped);
}

function prepareBody({ kind, settings }: AgentBody, runners: Runners, surroundings: Surroundings): Work {
  const runner = runners.get(kind);
  if (runner === undefined) {
    const kinds = [...runners.keys()];
    const nearest = nearestWord(kind, kinds);
    const suggestion = nearest === null ? '' : `; did you mean \`${nearest}\`?`;
    throw new OrreryError('ensemble-invalid', `there is no kind of agent \`${kind}\`${suggestion}`, {
      hint: `Kinds are ${kinds.join(', ')}.`,
    });
  }
  return runner.prepare(settings, surroundings);
}

function templateOf({ output, agents, name }: EnsembleSpec): Template | null {
  if (output.kind === 'agent') return null;
  try {
    return compileTemplate(
      output.template,
      agents.map((agent) => agent.name),
      'output',
    );
  } catch (thrown) {
    if (!(thrown instanceof OrreryError)) throw thrown;
    const { code, message, hint } = thrown;
    throw new OrreryError(code, `${name}: output: ${message}`, { ...(hint && { hint }), cause: thrown });
  }
}

function inAgent(thrown: unknown, place: string, agent: string): unknown {
  if (!(thrown instanceof OrreryError)) return thrown;
  const { code, message, hint, retryable } = thrown;
  return new OrreryError(code, `${place}: agent \`${agent}\`: ${message}`, {
    ...(hint && { hint }),
    retryable,
    cause: thrown,
  });
}
