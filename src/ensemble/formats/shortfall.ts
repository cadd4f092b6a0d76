import { z } from 'zod';
import type { AgentOutcome } from '../ensemble-document.ts';

// Details may have come through somebody's own code: what does not look like ours says nothing.
const fanOut = z.looseObject({
  items: z.number(),
  failed: z.array(z.looseObject({ index: z.number(), message: z.string().nullable() })),
  lacking: z.array(z.looseObject({ index: z.number(), details: z.unknown() })).default([]),
});
const nested = z.looseObject({
  agents: z.record(
    z.string(),
    z.looseObject({
      status: z.string(),
      error: z.looseObject({ message: z.string() }).nullable(),
      details: z.unknown().optional(),
    }),
  ),
});
const fellBack = z.looseObject({ failure: z.looseObject({ message: z.string() }) });

/** More are counted. */
const mostNamed = 3;

/**
 * What an agent that answered had to go on without: items of its fan-out, agents of the ensemble it is, the model whose place its rules
 * took. Null where it lacks nothing.
 */
export function shortfallOf({ status, details }: Pick<AgentOutcome, 'status' | 'details'>): string | null {
  return status === 'ok' ? shortfallIn(details) : null;
}

function shortfallIn(details: unknown): string | null {
  const items = fanOut.safeParse(details);
  if (items.success) return itemsInWords(items.data);
  const within = nested.safeParse(details);
  if (within.success) return agentsInWords(within.data);
  const rules = fellBack.safeParse(details);
  return rules.success ? `rules chose, as the model failed: ${rules.data.failure.message}` : null;
}

function itemsInWords({ items, failed, lacking }: z.infer<typeof fanOut>): string | null {
  const failures = failed.map(({ index, message }) => numbered(index, message));
  const gaps = lacking.map(({ index, details }) => numbered(index, shortfallIn(details)));
  const said = [
    ...(failures.length === 0 ? [] : [`${failures.length} of ${items} items failed: ${firstOf(failures)}`]),
    ...(gaps.length === 0 ? [] : [`${gaps.length} of ${items} items lack a part: ${firstOf(gaps)}`]),
  ];
  return said.length === 0 ? null : said.join('; ');
}

function numbered(index: number, why: string | null): string {
  return `#${index + 1}${why === null ? '' : ` ${why}`}`;
}

function agentsInWords({ agents }: z.infer<typeof nested>): string | null {
  const named = Object.entries(agents).flatMap(([name, { status, error, details }]) => {
    const within = status === 'ok' ? shortfallIn(details) : null;
    if (within !== null) return [`\`${name}\` in it ok, ${within}`];
    const how = status === 'failed' ? 'failed' : status === 'timeout' ? 'timed out' : null;
    return how === null ? [] : [`\`${name}\` in it ${how}${error === null ? '' : `: ${error.message}`}`];
  });
  return named.length === 0 ? null : firstOf(named);
}

function firstOf(named: readonly string[]): string {
  const more = named.length - mostNamed;
  return `${named.slice(0, mostNamed).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
