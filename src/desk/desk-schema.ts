import { z } from 'zod';
import { nearestWord, OrreryError, type Rung, timeframeMs } from '../core/index.ts';
import { type AgentNode, findGraphProblem } from '../ensemble/index.ts';
import type { Limits } from '../trading/index.ts';
import { refusal } from '../yaml/index.ts';
import { type Cadence, everyBar } from './cadence.ts';
import type { DeskSpec } from './desk-spec.ts';

/** Throws an {@link OrreryError} when no moon has this name. */
export type CheckMoon = (name: string) => void;

/** Roles a desk may give; those beyond {@link builtRoles} are accepted and reported. */
const roles = [
  'technical',
  'sentiment',
  'risk-officer',
  'order-book',
  'trend-following',
  'mean-reversion',
  'events',
] as const;
const builtRoles: readonly string[] = ['technical', 'sentiment', 'risk-officer'];

const rungs = ['primary', 'backup', 'council', 'cache', 'rules', 'hold'] as const satisfies readonly Rung[];
const unbuiltRungs: readonly Rung[] = ['council', 'cache'];

const defaultLimits: Limits = {
  riskPerTradePct: 2,
  portfolioRiskPct: 10,
  positionPct: 50,
  stopDistancePct: 5,
  drawdownPct: 20,
  lossStreak: 5,
  leverage: 1,
};

/** Words that stand beside agents' names in record ids or on the chief's sheet, or that are agents already. */
const takenNames = [
  'chief',
  'execution',
  'order',
  'proposal',
  'close',
  'position',
  'equity',
  'drawdown-pct',
  'news',
];

/** What the desk asks for and this version does not do, each to be reported once as `not available in this version`. */
export function unavailableFeatures({ agents, chief }: DeskSpec): readonly string[] {
  const features = agents.flatMap(({ name, role, decider }) => [
    ...(builtRoles.includes(role) ? [] : [`role ${role} (agent ${name})`]),
    ...(decider.includes('model') ? [`decider model (agent ${name})`] : []),
  ]);
  const missingRungs = chief.ladder.filter((rung) => unbuiltRungs.includes(rung));
  return [...features, ...missingRungs.map((rung) => `ladder rung ${rung}`)];
}

const positive = z.number().positive().describe('a number > 0');
const percentage = z.number().positive().max(100).describe('a number > 0 and at most 100');
// More money than there is; what lies far beyond overflows.
const capital = z.number().positive().max(1e15).describe('a number > 0 and at most 1e15');
const wholeNumber = z.int().positive().describe('a whole number > 0');
// Half the spread and the slippage together must leave something of the price.
const basisPoints = z.number().min(0).max(5_000).describe('basis points from 0 to 5000');

const label = (meaning: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
    .describe(`${meaning}: letters, digits, dots, hyphens and underscores`);

/** Part of record ids, whose parts are separated by dots. */
const agentName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/)
  .describe('a name: a small letter, then small letters, digits and hyphens');

const symbol = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9.:/^=_-]{0,39}$/)
  .describe('a symbol such as BTCUSDT or BRK.B');

const timeframe = z.string().refine(isTimeframe).describe('a timeframe such as 5m, 1h or 1d, at most 9999w');

const cadence = z
  .string()
  .refine((text) => cadenceOf(text) !== null)
  .describe('`1 bar`, `5 bars` or a timeframe such as 4h, at most `999999 bars` or `9999w`')
  .transform((text): Cadence => cadenceOf(text) ?? everyBar);

function cadenceOf(text: string): Cadence | null {
  const bars = /^([1-9]\d{0,5}) bars?$/.exec(text)?.[1];
  if (bars !== undefined) return { kind: 'bars', bars: Number(bars) };
  return isTimeframe(text) ? { kind: 'duration', ms: timeframeMs(text) } : null;
}

function isTimeframe(text: string): boolean {
  return /^[1-9]\d{0,3}[smhdw]$/.test(text);
}

/** A list in which nothing stands twice. */
function distinct<Item extends z.ZodType<string>>(item: Item, meaning: string) {
  return z
    .array(item)
    .describe(`a list of ${meaning}`)
    .superRefine((items, context) => {
      const seen = new Set<string>();
      for (const [index, name] of items.entries()) {
        if (seen.has(name)) {
          context.addIssue({
            code: 'custom',
            message: `\`${name}\` is written twice; keep one`,
            path: [index],
          });
        }
        seen.add(name);
      }
    });
}

function nonEmpty<Item extends z.ZodType<string>>(item: Item, meaning: string) {
  return distinct(item, meaning).refine((items) => items.length > 0, `is empty; write a list of ${meaning}`);
}

const deciders = nonEmpty(z.enum(['llm', 'rules', 'model']), 'deciders: llm, rules, model');

const broker = z.strictObject({
  kind: z.literal('simulated'),
  feeBps: basisPoints.exactOptional(),
  spreadBps: basisPoints.exactOptional(),
  slippageBps: basisPoints.exactOptional(),
});

const limits = z.strictObject({
  riskPerTradePct: percentage.default(defaultLimits.riskPerTradePct),
  portfolioRiskPct: percentage.default(defaultLimits.portfolioRiskPct),
  positionPct: positive.default(defaultLimits.positionPct),
  stopDistancePct: percentage.default(defaultLimits.stopDistancePct),
  drawdownPct: percentage.default(defaultLimits.drawdownPct),
  lossStreak: wholeNumber.default(defaultLimits.lossStreak),
  leverage: positive.default(defaultLimits.leverage),
});

function agentSchema(checkMoon: CheckMoon) {
  return z.strictObject({
    name: agentName,
    role: z.enum(roles),
    decider: deciders.default(['llm', 'rules']),
    profile: label('the name of a profile').optional(),
    moons: distinct(moonSchema(checkMoon), 'moons such as ema-50').default([]),
    sources: distinct(z.enum(['news']), 'sources: news').default([]),
    every: cadence.default(everyBar),
    required: z.boolean().describe('true or false').default(true),
    depends_on: distinct(z.string().describe("an agent's name"), "agents' names").optional(),
  });
}

function moonSchema(checkMoon: CheckMoon) {
  return z
    .string()
    .describe('a moon such as ema-50')
    .superRefine((name, context) => {
      try {
        checkMoon(name);
      } catch (thrown) {
        if (!(thrown instanceof OrreryError)) throw thrown;
        context.addIssue(refusal(thrown));
      }
    });
}

const chief = z.strictObject({
  role: z.literal('chief').default('chief'),
  ladder: nonEmpty(z.enum(rungs), `rungs: ${rungs.join(', ')}`).default([
    'primary',
    'backup',
    'rules',
    'hold',
  ]),
  profile: label('the name of a profile').default('chief'),
  backup: label('the name of a profile').nullable().default(null),
  depends_on: distinct(z.string().describe("an agent's name"), "agents' names").optional(),
});

const execution = z.strictObject({
  role: z.literal('execution').default('execution'),
  decider: deciders.default(['rules']),
});

type DeskText = z.infer<ReturnType<typeof deskTextSchema>>;

/** The text of a desk, before it is made a spec; also what the JSON Schema for editors is made of. */
export function deskTextSchema(checkMoon: CheckMoon) {
  return z.strictObject({
    desk: label('the name of the desk'),
    instruments: nonEmpty(symbol, 'symbols'),
    timeframe,
    capital,
    broker: broker.default({ kind: 'simulated' }),
    limits: limits.default(defaultLimits),
    agents: z.array(agentSchema(checkMoon)).min(1).max(200).describe('a list of 1 to 200 agents'),
    chief,
    execution: execution.default({ role: 'execution', decider: ['rules'] }),
  });
}

/** What a desk's file may say, and the spec it makes. Every description is what an error says was expected. */
export function deskSchema(checkMoon: CheckMoon): z.ZodType<DeskSpec> {
  return deskTextSchema(checkMoon).superRefine(checkAgents).transform(specOf);
}

/** What holds between agents, which the keys of one alone cannot show. */
function checkAgents(desk: DeskText, context: z.core.$RefinementCtx<DeskText>): void {
  const problem = findTakenName(desk) ?? findGraphFault(desk) ?? findStranger(desk);
  if (problem === null) return;
  const error = new OrreryError('agents-invalid', problem.message, { hint: problem.hint });
  context.addIssue(refusal(error, problem.path));
}

interface AgentsFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly hint: string;
}

function findTakenName({ agents }: DeskText): AgentsFault | null {
  const index = agents.findIndex(({ name }) => takenNames.includes(name));
  if (index < 0) return null;
  const message = `no agent can be named \`${agents[index]!.name}\`: the desk uses that word itself`;
  return { path: ['agents', index, 'name'], message, hint: 'Choose another name.' };
}

function findGraphFault(desk: DeskText): AgentsFault | null {
  const problem = findGraphProblem(nodesOf(desk));
  if (problem === null) return null;
  return { ...problem, path: ['agents', problem.agent, problem.key] };
}

function findStranger({ agents, chief }: DeskText): AgentsFault | null {
  const names = agents.map(({ name }) => name);
  const listed = chief.depends_on ?? [];
  const index = listed.findIndex((name) => !names.includes(name));
  if (index < 0) return null;
  const nearest = nearestWord(listed[index]!, names);
  const suggestion = nearest === null ? '' : `; did you mean \`${nearest}\`?`;
  return {
    path: ['chief', 'depends_on', index],
    message: `the chief depends on \`${listed[index]}\`, which does not exist${suggestion}`,
    hint: `There are ${names.join(', ')}.`,
  };
}

/** Without `depends_on` a risk officer judges every analyst, and an analyst waits for nobody. */
function nodesOf({ agents }: DeskText): readonly AgentNode[] {
  const analysts = agents.filter(({ role }) => role !== 'risk-officer').map(({ name }) => name);
  return agents.map(({ name, role, depends_on }) => ({
    name,
    dependsOn: depends_on ?? (role === 'risk-officer' ? analysts : []),
  }));
}

function specOf(desk: DeskText): DeskSpec {
  const nodes = nodesOf(desk);
  return {
    name: desk.desk,
    instruments: desk.instruments,
    timeframe: desk.timeframe,
    capital: desk.capital,
    broker: desk.broker,
    limits: desk.limits,
    agents: desk.agents.map(({ depends_on: _, profile, ...agent }, index) => ({
      ...agent,
      profile: profile ?? (agent.role === 'risk-officer' ? 'risk' : 'analyst'),
      dependsOn: nodes[index]!.dependsOn,
    })),
    chief: {
      ladder: desk.chief.ladder,
      profile: desk.chief.profile,
      backup: desk.chief.backup,
      dependsOn: desk.chief.depends_on ?? nodes.map(({ name }) => name),
    },
    execution: { decider: desk.execution.decider },
  };
}
