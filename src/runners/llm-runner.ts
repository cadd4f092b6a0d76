import { z } from 'zod';
import { canonicalJson, type JsonValue, nearestWord, OrreryError } from '../core/index.ts';
import type { AgentCost, Answer, Runner, Turn, Work } from '../ensemble/index.ts';
import {
  askStructured,
  askText,
  type ChatCost,
  ChatError,
  type ChatMessage,
  type ChatModel,
  type ChatResponse,
  type ProfileResolution,
  type UsableProfile,
} from '../llm/index.ts';
import { fillQuestion, type LlmPrompt, openPrompt } from './llm-prompt.ts';

const path = z.string().min(1).max(500);
const schema = z
  .union([path, z.record(z.string(), z.json())])
  .describe('the path of a file with a JSON Schema, or a JSON Schema');

const settings = z.strictObject({
  prompt: path.describe('the path of a prompt file').optional(),
  question: z.string().min(1).max(100_000).describe('a question with {{places}}').optional(),
  system: z
    .string()
    .max(100_000)
    .describe('what is said before every question, without {{places}}')
    .optional(),
  profile: z.string().min(1).max(100).describe('the name of a profile').default('analyst'),
  schema: schema.optional(),
  temperature: z.number().min(0).max(2).describe('a number from 0 to 2').optional(),
  maxTokens: z.int().positive().describe('a whole number > 0').optional(),
});

type Settings = z.infer<typeof settings>;

export interface LlmPorts {
  /** The model as one turn may ask it, by the turn's label: `RUN.AGENT`, then whatever it is more. */
  readonly models: (scope: string) => ChatModel;
  /** Where a profile leads. */
  readonly resolve: (profile: string) => ProfileResolution;
  /** Names of all profiles there are. */
  readonly profiles: readonly string[];
  /** The words of a repair turn, given what did not fit. */
  readonly repair: (problems: string) => string;
}

/** An agent that asks a model: for words, or for JSON that fits its schema. */
export function createLlmRunner(ports: LlmPorts): Runner<Settings> {
  return {
    kind: 'llm',
    settings,
    prepare(chosen, surroundings) {
      const prompt = openPrompt(chosen, surroundings);
      const resolution = ports.resolve(chosen.profile);
      const asker = { ports, prompt, agent: surroundings.agent };
      if (resolution.kind === 'not-configured') return unusableWork(chosen.profile, resolution.detail);
      const profile = profileOf(resolution.profile, chosen);
      return {
        questions: 1,
        notes: notesOn(chosen.profile, resolution.profile, ports.profiles),
        content: () => contentOf(asker, profile),
        answer: (turn) => answerTurn({ ...asker, profile }, turn),
      };
    },
  };
}

interface Asker {
  readonly ports: LlmPorts;
  readonly prompt: LlmPrompt;
  readonly agent: string;
}

function unusableWork(profile: string, detail: string): Work {
  return {
    questions: 1,
    unusable: detail,
    answer: () => {
      throw new OrreryError('model-not-configured', `no model answers for profile "${profile}": ${detail}`, {
        hint: `Describe the profile and its provider under llm in orrery.yaml and give it its key, or give the agent rules.`,
      });
    },
  };
}

/** Those that desks ask by default, mostly without one of their own. */
const oftenNotGiven: ReadonlySet<string> = new Set(['chief', 'chief-backup', 'risk']);

function notesOn(asked: string, answering: UsableProfile, profiles: readonly string[]): readonly string[] {
  const given = (answering.standsFor ?? answering.name) === asked;
  if (given || oftenNotGiven.has(asked)) return [];
  const nearest = nearestWord(asked, profiles);
  const suggestion = nearest === null ? '' : `; did you mean "${nearest}"?`;
  return [`there is no profile "${asked}", and "${answering.name}" answers for it${suggestion}`];
}

function profileOf(profile: UsableProfile, { temperature, maxTokens }: Settings): UsableProfile {
  return {
    ...profile,
    temperature: temperature ?? profile.temperature,
    maxTokens: maxTokens ?? profile.maxTokens,
  };
}

function contentOf({ prompt, ports, agent }: Asker, profile: UsableProfile): string {
  const { system, question, budgets, schema: fits } = prompt;
  const { provider, model, temperature, maxTokens } = profile;
  const asked = { system, question: question.text, budgets, schema: fits as unknown as JsonValue };
  return canonicalJson({
    ...asked,
    agent,
    provider,
    model,
    temperature,
    maxTokens,
    repair: ports.repair(''),
  });
}

type UsableAsker = Asker & { readonly profile: UsableProfile };

async function answerTurn(asker: UsableAsker, turn: Turn): Promise<Answer> {
  const { text, cuts } = fillQuestion(asker.prompt, turn.scope);
  try {
    const { output, responses } = await ask(asker, turn, text);
    const details = {
      ...(responses.length > 1 && { repaired: true }),
      ...(cuts.length > 0 && { leftOut: Object.fromEntries(cuts.map((cut) => [cut.input, cut.leftOut])) }),
    };
    return {
      output,
      source: responses.at(-1)?.cacheHits === 1 ? 'cache' : 'llm',
      ...(Object.keys(details).length > 0 && { details }),
    };
  } catch (thrown) {
    throw thrown instanceof ChatError && thrown.shown ? notAgain(thrown) : thrown;
  }
}

interface Asked {
  readonly output: JsonValue;
  readonly responses: readonly ChatResponse[];
}

async function ask(
  { ports, prompt, profile, agent }: UsableAsker,
  { label, signal, onText, spend }: Turn,
  question: string,
): Promise<Asked> {
  const messages: readonly ChatMessage[] = [
    ...(prompt.system === null ? [] : [{ role: 'system', content: prompt.system } as const]),
    { role: 'user', content: question },
  ];
  const model = tellingCosts(ports.models(label), spend);
  const asking = { model, profile, messages, signal };
  if (prompt.schema === null) {
    const streamed = onText === null ? {} : { onText };
    const { text, response } = await askText({ ...asking, ...streamed, role: agent });
    return { output: text, responses: [response] };
  }
  const { value, responses } = await askStructured<JsonValue>({
    ...asking,
    schema: { name: agent, schema: prompt.schema },
    repairMessage: ports.repair,
  });
  return { output: value, responses };
}

/** Each question's cost as soon as it is known: a turn may be given up before its last question is answered. */
function tellingCosts(model: ChatModel, spend: Turn['spend']): ChatModel {
  return {
    async chat(request, call) {
      try {
        const response = await model.chat(request, call);
        spend(agentCost(response));
        return response;
      } catch (thrown) {
        if (thrown instanceof ChatError) spend(agentCost(thrown.spent));
        throw thrown;
      }
    },
  };
}

function agentCost(spent: ChatCost): AgentCost {
  const { provider, model, calls, cacheHits, promptTokens, responseTokens, costUsd } = spent;
  return { provider, model, calls, cacheHits, promptTokens, responseTokens, costUsd };
}

/** Of an answer that somebody has read the beginning of, no try may give another. */
function notAgain(error: ChatError): OrreryError {
  const { code, message, hint } = error;
  return new OrreryError(code, message, {
    ...(hint !== null && { hint }),
    retryable: false,
    cause: error,
  });
}
