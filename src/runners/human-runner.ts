import { z } from 'zod';
import { nearestWord, OrreryError } from '../core/index.ts';
import { compileTemplate, type Runner, type Turn } from '../ensemble/index.ts';
import { excerpt } from '../llm/index.ts';
import { orAborted } from './or-aborted.ts';

export interface Asking {
  /** Null for an answer in one's own words. */
  readonly choices: readonly string[] | null;
  readonly signal: AbortSignal;
  /** Who wants to know. */
  readonly agent: string;
}

/** Puts a question to a person. It holds what others have said: whoever draws it takes control characters out. */
export type Ask = (question: string, asking: Asking) => Promise<string>;

export interface HumanPorts {
  /** Null where nobody can be asked. */
  readonly ask: Ask | null;
  /** Answers that were given beforehand, by agent. */
  readonly answers: ReadonlyMap<string, string>;
}

const settings = z.strictObject({
  question: z.string().min(1).max(100_000).describe('a text with {{places}}'),
  choices: z
    .array(
      z
        .string()
        .min(1)
        .max(1_000)
        .regex(/^\S(?:.*\S)?$/)
        .describe('a text on one line'),
    )
    .min(1)
    .max(100)
    .refine((choices) => new Set(choices).size === choices.length)
    .describe('a list of 1 to 100 different texts, each on one line')
    .optional(),
});

type Settings = z.infer<typeof settings>;

/** A person who is asked, or has answered beforehand. */
export function createHumanRunner({ ask, answers }: HumanPorts): Runner<Settings> {
  return {
    kind: 'human',
    settings,
    prepare({ question, choices = null }, { agent, dependsOn }) {
      const template = compileTemplate(question, dependsOn);
      const given = answers.get(agent);
      if (given !== undefined) {
        const output = readReply(
          given,
          choices,
          (message, hint) =>
            new OrreryError('usage-invalid', `the answer for \`${agent}\` ${message}`, { hint }),
        );
        return {
          answer: () => ({ output }),
          content: () => JSON.stringify(['human', question, choices, output]),
        };
      }
      const nobody = `needs a person: nobody can be asked here what \`${agent}\` wants to know`;
      const hint = `Give the answer with \`--answer ${agent}=TEXT\`.`;
      return {
        async answer(turn) {
          const filled = template.fill(turn.scope);
          if (ask === null) {
            throw new OrreryError('agent-failed', `needs a person: ${excerpt(filled)}`, {
              hint: choices === null ? hint : `${hint} It is one of ${choices.join(', ')}.`,
            });
          }
          return { output: await replyFrom(ask, filled, { choices, agent, signal: turn.signal }) };
        },
        content: () => JSON.stringify(['human', question, choices]),
        unusable: ask === null ? nobody : null,
      };
    },
  };
}

async function replyFrom(ask: Ask, question: string, asking: Asking & Pick<Turn, 'signal'>): Promise<string> {
  const reply = await orAborted(asking.signal, () => ask(question, asking));
  return readReply(
    reply,
    asking.choices,
    (message, hint) =>
      new OrreryError('agent-failed', `the answer for \`${asking.agent}\` ${message}`, {
        hint,
        retryable: true,
      }),
  );
}

function readReply(
  reply: string,
  choices: readonly string[] | null,
  failure: (message: string, hint: string) => OrreryError,
): string {
  const words = reply.trim();
  if (words === '') throw failure('is empty', 'Say something.');
  if (choices === null || choices.includes(words)) return words;
  const nearest = nearestWord(words, choices);
  const suggestion = nearest === null ? '' : `; did you mean \`${nearest}\`?`;
  throw failure(
    `is none of its choices: ${excerpt(words, 80)}${suggestion}`,
    `Choose one of ${choices.join(', ')}.`,
  );
}
