import { nearestWord, OrreryError } from '../core/index.ts';

/** One agent and what it waits for. */
export interface AgentNode {
  readonly name: string;
  readonly dependsOn: readonly string[];
  /** Those of `dependsOn` without which it is skipped; none by default, a failure then reaches it as data. */
  readonly required?: readonly string[];
}

/** An agent with its neighbours as indices into {@link Plan.agents}. */
export interface PlannedAgent {
  readonly name: string;
  readonly dependencies: readonly number[];
  readonly required: readonly number[];
  readonly dependants: readonly number[];
}

/** Who may run when. Made once, run often. */
export interface Plan {
  /** Names by phase: an agent's dependencies all stand in earlier phases; inside a phase in the order written. */
  readonly phases: readonly (readonly string[])[];
  /** The phases one after the other. */
  readonly agents: readonly PlannedAgent[];
}

/** Why a list of agents is no graph that can run. */
export interface GraphProblem {
  readonly kind: 'duplicate' | 'missing' | 'cycle';
  /** Where the agent says it. */
  readonly key: 'name' | 'depends_on' | 'required';
  /** Index of the agent to change, in the list as given. */
  readonly agent: number;
  readonly message: string;
  readonly hint: string;
}

/** @throws OrreryError `agents-invalid` with what {@link findGraphProblem} says. */
export function planPhases(nodes: readonly AgentNode[]): Plan {
  const problem = findGraphProblem(nodes);
  if (problem !== null) throw new OrreryError('agents-invalid', problem.message, { hint: problem.hint });
  const { phases } = sortIntoPhases(nodes);
  const ordered = phases.flat();
  const positions = new Map(ordered.map((node, index) => [node.name, index]));
  const indicesOf = (names: readonly string[]) => [...new Set(names)].map((name) => positions.get(name)!);
  const dependants = ordered.map((): number[] => []);
  for (const [index, node] of ordered.entries()) {
    for (const dependency of indicesOf(node.dependsOn)) dependants[dependency]!.push(index);
  }
  return {
    phases: phases.map((phase) => phase.map(({ name }) => name)),
    agents: ordered.map((node, index) => ({
      name: node.name,
      dependencies: indicesOf(node.dependsOn),
      required: indicesOf(node.required ?? []),
      dependants: dependants[index]!,
    })),
  };
}

/** The first thing that keeps the agents from being run in some order, or null. */
export function findGraphProblem(nodes: readonly AgentNode[]): GraphProblem | null {
  return findDuplicate(nodes) ?? findMissing(nodes) ?? findCycle(nodes);
}

function findDuplicate(nodes: readonly AgentNode[]): GraphProblem | null {
  const seen = new Set<string>();
  for (const [agent, { name }] of nodes.entries()) {
    if (seen.has(name)) {
      return {
        kind: 'duplicate',
        key: 'name',
        agent,
        message: `two agents are named \`${name}\``,
        hint: 'Rename one of them.',
      };
    }
    seen.add(name);
  }
  return null;
}

function findMissing(nodes: readonly AgentNode[]): GraphProblem | null {
  const names = new Set(nodes.map(({ name }) => name));
  for (const [agent, { name, dependsOn, required = [] }] of nodes.entries()) {
    const absent = dependsOn.find((dependency) => !names.has(dependency));
    if (absent !== undefined) {
      const message = `agent \`${name}\` depends on \`${absent}\`, which does not exist`;
      return { kind: 'missing', key: 'depends_on', agent, ...suggest(message, absent, names) };
    }
    const unheard = required.find((dependency) => !dependsOn.includes(dependency));
    if (unheard !== undefined) {
      const message = `agent \`${name}\` requires \`${unheard}\`, which is not among its depends_on`;
      return { kind: 'missing', key: 'required', agent, ...suggest(message, unheard, dependsOn) };
    }
  }
  return null;
}

function suggest(message: string, word: string, candidates: Iterable<string>) {
  const nearest = nearestWord(word, candidates);
  return {
    message: nearest === null ? message : `${message}; did you mean \`${nearest}\`?`,
    hint: `There are ${[...candidates].join(', ') || 'none'}.`,
  };
}

function findCycle(nodes: readonly AgentNode[]): GraphProblem | null {
  const { stuck } = sortIntoPhases(nodes);
  const [start] = stuck;
  if (start === undefined) return null;
  // Whatever is stuck waits for something stuck, so following one such arrow after the other must come round.
  const stuckByName = new Map(stuck.map((node) => [node.name, node]));
  const path: string[] = [];
  const positions = new Map<string, number>();
  let node = start;
  while (!positions.has(node.name)) {
    positions.set(node.name, path.length);
    path.push(node.name);
    node = stuckByName.get(node.dependsOn.find((name) => stuckByName.has(name))!)!;
  }
  const cycle = path.slice(positions.get(node.name));
  const agent = nodes.findIndex(({ name }) => cycle.includes(name));
  const first = cycle.indexOf(nodes[agent]!.name);
  const named = [...cycle.slice(first), ...cycle.slice(0, first + 1)].join(' → ');
  return {
    kind: 'cycle',
    key: 'depends_on',
    agent,
    message: `agents wait for each other: ${named}`,
    hint: 'Take one of these out of depends_on.',
  };
}

/** Kahn's algorithm (1962), a phase at a time; `stuck` are those that stand in a cycle or behind one. */
function sortIntoPhases(nodes: readonly AgentNode[]): {
  readonly phases: readonly (readonly AgentNode[])[];
  readonly stuck: readonly AgentNode[];
} {
  const phases: AgentNode[][] = [];
  const done = new Set<string>();
  let waiting = nodes;
  for (;;) {
    const ready = waiting.filter(({ dependsOn }) => dependsOn.every((name) => done.has(name)));
    if (ready.length === 0) return { phases, stuck: waiting };
    phases.push(ready);
    for (const { name } of ready) done.add(name);
    waiting = waiting.filter(({ name }) => !done.has(name));
  }
}
