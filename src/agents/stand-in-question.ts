import { fitSection } from '../llm/index.ts';
import { narrowSchema } from './answer-schema.ts';
import { EvidenceSheet } from './evidence-sheet.ts';
import type { Question } from './mind.ts';
import { type Prompt, type PromptTexts, readPrompt, renderPrompt } from './prompt.ts';

/** Who would ask, and about how much. */
export interface Asker {
  readonly role: string;
  /** Moons whose values, or whose absence, it may be shown. */
  readonly moons: number;
  /** Agents it hears. */
  readonly voices: number;
}

/** A question to be measured before any is put: never sent. */
export type StandIn = Pick<Question, 'role' | 'system' | 'user' | 'schema'>;

/** No family of moons gives more values; no agent but for its moons and voices reads more. */
const linesOfMoon = 6;
const linesOfVoice = 6;
const otherLines = 24;
const newsItems = 8;

/**
 * The longest question an agent may put, or a usual one. Texts from outside are cut to 400 characters where they enter a
 * prompt; in the longest each is that long, and counts twice, as other scripts take a token for a character.
 */
export function standInQuestion(asker: Asker, prompts: PromptTexts, length: 'longest' | 'usual'): StandIn {
  const { role, moons, voices } = asker;
  const prompt = readPrompt(role, prompts);
  const longest = length === 'longest';
  const sheet = new EvidenceSheet(0);
  const lines = longest ? moons * linesOfMoon + voices * linesOfVoice + otherLines : moons * 2 + voices + 6;
  const name = 'n'.repeat(longest ? 32 : 12);
  for (let line = 0; line < lines; line++)
    sheet.add(`${name}${line}`, longest ? -0.00001234567891 : 1234.56, 'USD');
  const outside = (texts: number) => 'x '.repeat(texts * (longest ? 450 : 80));
  const places = withinBudgets(prompt, {
    ...{ instrument: name, timeframe: '15m', time: '2024-01-01T00:00:00.000Z', position: 'short' },
    ...{
      evidence: sheet.lines(),
      critical: `${name}, `.repeat(longest ? moons : 1),
      proposer: name,
      action: 'SELL',
    },
    ...{ voices: outside(voices), news: outside(longest ? 2 * newsItems : newsItems) },
  });
  return {
    role,
    system: prompt.system,
    user: renderPrompt(prompt, places).text,
    schema: narrowSchema(
      prompt.schema,
      sheet.evidence.map(({ id }) => id),
    ),
  };
}

/** The longest words of a repair turn: eight problems are named, each may list what would have fitted. */
export function standInRepair(prompts: PromptTexts): string {
  const prompt = readPrompt('repair', prompts);
  const places = withinBudgets(prompt, { problems: 'x'.repeat(8 * 600) });
  return renderPrompt(prompt, places).text;
}

/** What a real text is cut to may end anywhere below its budget, so one that does not fit is taken to fill it. */
function withinBudgets(
  { budgets }: Prompt,
  places: { readonly [place: string]: string },
): { readonly [place: string]: string } {
  const within = Object.entries(places).map(([input, text]) => {
    const tokens = budgets[input] ?? Number.POSITIVE_INFINITY;
    // Two characters of ASCII are a token in the worst case.
    return [input, fitSection(text, tokens).leftOut === 0 ? text : 'x'.repeat(2 * tokens)];
  });
  return Object.fromEntries(within);
}
