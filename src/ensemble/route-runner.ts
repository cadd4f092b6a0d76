import { z } from 'zod';
import {
  asOrreryError,
  canonicalJson,
  type ErrorCode,
  type JsonValue,
  nearestWord,
  OrreryError,
} from '../core/index.ts';
import { compileExpression, type Expression } from './expression.ts';
import type { Answer, Runner, Surroundings, Turn, Work } from './runner.ts';
import { errorAsData, type Scope } from './scope.ts';
import { turnBut } from './turn.ts';

const branchName = z.string().min(1).max(64).describe('the name of a branch');
const branchNames = z.array(branchName).min(1).describe('a list of one or more branches');

const settings = z.strictObject({
  branches: z
    .record(
      branchName,
      z.array(z.string().min(1).describe("an agent's name")).min(1).describe('a list of one or more agents'),
    )
    .refine((branches) => Object.keys(branches).length > 0)
    .describe('one or more branches, each with its agents'),
  rules: z
    .array(
      z.strictObject({
        when: z.string().min(1).max(2_000).describe('an expression such as input.kind == "price"'),
        take: z.union([branchName, branchNames]).describe('a branch, or a list of them'),
      }),
    )
    .describe('a list of rules, each { when: EXPRESSION, take: BRANCH }')
    .optional(),
  otherwise: z.union([branchName, branchNames]).describe('a branch, or a list of them').optional(),
  prompt: z.string().min(1).max(4_096).describe('the path of a prompt file').optional(),
  profile: z.string().min(1).max(100).describe('the name of a profile').optional(),
  temperature: z.number().min(0).max(2).describe('a number from 0 to 2').optional(),
  maxTokens: z.int().positive().describe('a whole number > 0').optional(),
});

type Settings = z.infer<typeof settings>;

/**
 * Chooses which agents are needed: by a model where one is configured, else, and where that fails, by rules. All rules that hold count
 * together; where none does, `otherwise`, or every branch.
 */
export const routeRunner: Runner<Settings> = {
  kind: 'route',
  settings,
  branches: ({ branches }) => branches,
  prepare(written, surroundings) {
    const ruled = prepareRules(written, surroundings);
    const model = prepareModel(written, surroundings);
    const able = model !== null && model.unusable == null;
    return {
      questions: able ? (model.questions ?? 1) : 0,
      notes: able ? (model.notes ?? []) : [],
      content: () =>
        canonicalJson({ kind: 'route', written, model: able ? (model.content?.() ?? null) : null }),
      answer: (turn) =>
        able
          ? answerByModel(model, ruled, Object.keys(written.branches), turn)
          : answerByRules(ruled, turn.scope),
    };
  },
};

/** What follows from rules for a turn. */
type ByRules = (scope: Scope) => { readonly take: readonly string[]; readonly reason: string | null };

function prepareRules(
  { branches, rules = [], otherwise }: Settings,
  { dependsOn, agents }: Surroundings,
): ByRules {
  const names = Object.keys(branches);
  const prepared = rules.map(({ when, take }) => ({
    when: compileExpression(when, dependsOn, agents),
    take: listOf(take),
  }));
  for (const { take } of prepared) refuseUnknown(take, names, '`rules`');
  const elsewhere = otherwise === undefined ? names : listOf(otherwise);
  refuseUnknown(elsewhere, names, '`otherwise`');
  return (scope) => {
    const holding = prepared.filter(({ when }) => when.evaluate(scope) === true);
    const taken = holding.length === 0 ? elsewhere : holding.flatMap(({ take }) => take);
    return { take: names.filter((name) => taken.includes(name)), reason: reasonOf(holding, prepared.length) };
  };
}

function listOf(names: string | readonly string[]): readonly string[] {
  return typeof names === 'string' ? [names] : names;
}

function reasonOf(holding: readonly { readonly when: Expression }[], rules: number): string | null {
  if (rules === 0) return null;
  return holding.length === 0 ? 'no rule holds' : holding.map(({ when }) => `\`${when.text}\``).join(' and ');
}

function refuseUnknown(taken: readonly string[], names: readonly string[], where: string): void {
  for (const name of taken) {
    if (names.includes(name)) continue;
    const nearest = nearestWord(name, names);
    const suggestion = nearest === null ? '' : `; did you mean \`${nearest}\`?`;
    throw new OrreryError('ensemble-invalid', `${where} takes \`${name}\`, which is no branch${suggestion}`, {
      hint: `Branches are ${names.join(', ')}.`,
    });
  }
}

/** The one an `llm` agent has. */
const usualProfile = 'analyst';

/** Null where no model is to choose. */
function prepareModel(
  { branches, prompt, profile, temperature, maxTokens }: Settings,
  surroundings: Surroundings,
): Work | null {
  if (prompt === undefined) {
    const [key] =
      Object.entries({ profile, temperature, maxTokens }).find(([, value]) => value !== undefined) ?? [];
    if (key === undefined) return null;
    throw new OrreryError(
      'ensemble-invalid',
      `\`${key}\` is for a model, which needs a \`prompt\` to choose by`,
      {
        hint: `Give it a prompt, or take \`${key}\` out.`,
      },
    );
  }
  const schema = choiceSchema(Object.keys(branches));
  const written = Object.entries({
    prompt,
    profile: profile ?? usualProfile,
    temperature,
    maxTokens,
    schema,
  });
  return surroundings.prepare({
    kind: 'llm',
    settings: Object.fromEntries(written.filter(([, value]) => value !== undefined)),
  });
}

function choiceSchema(names: readonly string[]): JsonValue {
  return {
    type: 'object',
    properties: {
      take: {
        type: 'array',
        items: { type: 'string', enum: names },
        minItems: 1,
        description: 'The branches that are needed; one, several or all.',
      },
      reason: { type: 'string', description: 'Why, in one sentence.' },
    },
    required: ['take', 'reason'],
    additionalProperties: false,
  };
}

async function answerByModel(
  model: Work,
  ruled: ByRules,
  names: readonly string[],
  turn: Turn,
): Promise<Answer> {
  try {
    // Nobody reads a choice of branches as it is written.
    const answer = await model.answer(turnBut(turn, { onText: null }));
    const { take, reason } = choiceIn(answer.output, names);
    return {
      ...answer,
      output: { take, by: 'llm', reason, fellBack: false },
      source: answer.source ?? 'llm',
    };
  } catch (thrown) {
    const error = asOrreryError(thrown);
    if (turn.signal.aborted || !rulesMayAnswer.has(error.code)) throw thrown;
    return {
      ...answerByRules(ruled, turn.scope, true),
      partial: true,
      details: { failure: { ...errorAsData(error) } },
    };
  }
}

/** A model's failures. A recording that is missing, a database that broke or an interrupt is none, and ends the agent. */
const rulesMayAnswer: ReadonlySet<ErrorCode> = new Set([
  'provider-failed',
  'provider-refused',
  'answer-invalid',
  'budget-exceeded',
  'agent-failed',
  'agent-timeout',
  'model-not-configured',
]);

function choiceIn(output: JsonValue, names: readonly string[]) {
  const { take, reason } = (output ?? {}) as { readonly take?: JsonValue; readonly reason?: JsonValue };
  const taken: readonly JsonValue[] = Array.isArray(take) ? take : [];
  const known = taken.every((name) => typeof name === 'string' && names.includes(name));
  if (taken.length === 0 || !known) {
    throw new OrreryError('answer-invalid', 'the model took no branch, or one that is not there', {
      hint: `Branches are ${names.join(', ')}.`,
    });
  }
  return {
    take: names.filter((name) => taken.includes(name)),
    reason: typeof reason === 'string' ? reason : null,
  };
}

function answerByRules(ruled: ByRules, scope: Scope, fellBack = false): Answer {
  const { take, reason } = ruled(scope);
  return { output: { take, by: 'rules', reason, fellBack }, source: 'rules' };
}
