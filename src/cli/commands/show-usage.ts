import { OrreryError } from '../../core/index.ts';
import { type UsageFigures, type UsageGroup, type UsageRow, usageGroups } from '../../runs/index.ts';
import { count, counted, usd } from '../../wording/index.ts';
import { type Column, renderTable } from '../render-table.ts';
import type { SharedOptions, TerminalSession } from '../terminal-session.ts';

interface UsageOptions extends SharedOptions {
  readonly run?: string;
  readonly by?: string;
  readonly wide?: boolean;
}

const figures: readonly Column<UsageFigures>[] = [
  { header: 'calls', align: 'right', drop: 0, cell: ({ calls }) => count(calls) },
  { header: 'turned away', align: 'right', drop: 5, cell: ({ turnedAway }) => count(turnedAway) },
  { header: 'failed', align: 'right', drop: 3, cell: ({ failures }) => count(failures) },
  { header: 'cache hits', align: 'right', drop: 4, cell: ({ cacheHits }) => count(cacheHits) },
  { header: 'tokens in', align: 'right', drop: 1, cell: ({ inputTokens }) => count(inputTokens) },
  { header: 'out', align: 'right', drop: 1, cell: ({ outputTokens }) => count(outputTokens) },
  { header: 'cost', align: 'right', drop: 0, cell: ({ costUsd }) => usd(costUsd) },
  { header: 'replayed', align: 'right', drop: 2, cell: ({ recordedCostUsd }) => usd(recordedCostUsd) },
];

/** What models took, in one run or in all. Exit code 1 when a run cannot be read: it is named, and the others count. */
export async function showUsage(session: TerminalSession, options: UsageOptions): Promise<number> {
  const by = readGroup(options.by ?? 'model');
  const run = options.run ?? null;
  const orrery = await session.orrery();
  const { rows, total, replays, damaged } = await orrery.usage(run, by);
  for (const error of damaged) session.explain(error);
  if (session.json) session.printJson({ run, by, rows, total });
  else {
    printUsage(session, by, { rows, total, wide: options.wide === true });
    if (replays > 0)
      session.say(
        `${counted(replays, 'replay')} asked nobody and ${replays === 1 ? 'counts' : 'count'} only under "replayed".`,
      );
  }
  return damaged.length === 0 ? 0 : 1;
}

function printUsage(
  session: TerminalSession,
  by: UsageGroup,
  {
    rows,
    total,
    wide,
  }: { readonly rows: readonly UsageRow[]; readonly total: UsageFigures; readonly wide: boolean },
): void {
  const named: Column<UsageRow> = { header: by, align: 'left', drop: 0, cell: nameOf };
  // A line of sums says nothing new below a single row.
  const lines = rows.length > 1 ? [...rows, total] : rows;
  const empty = 'No model was asked yet.';
  const options = { all: true, wide, empty };
  session.printTable(renderTable(lines, [named, ...figures], session.terminal('stdout'), options));
}

function nameOf({ provider, model, agent, run, day }: UsageRow): string {
  const name = model === undefined ? (provider ?? agent ?? run ?? day) : `${provider}/${model}`;
  if (name === undefined) return 'in all';
  // The budget refused those questions.
  return name === '' || name === '/' ? 'nobody asked' : name;
}

function readGroup(word: string): UsageGroup {
  const known = usageGroups.find((group) => group === word);
  if (known !== undefined) return known;
  throw new OrreryError('usage-invalid', `--by: "${word}" is nothing to add up by`, {
    hint: `Choose one of ${usageGroups.join(', ')}.`,
  });
}
