import { OrreryError } from '../../core/index.ts';
import type { BacktestDocument } from '../../engine/index.ts';
import type { Orrery, StrategyRequest } from '../../orrery/index.ts';
import { renderComparison } from '../render-comparison.ts';
import type { SweepOptions } from '../sweep-options.ts';
import type { TerminalSession } from '../terminal-session.ts';

/** A strategy as it was typed, and where it is found. */
export interface GivenStrategy {
  readonly word: string;
  readonly source: string;
}

/** Tests several strategies on the same candles and prints them side by side. */
export async function compareStrategies(
  session: TerminalSession,
  orrery: Orrery,
  given: readonly GivenStrategy[],
  request: StrategyRequest,
): Promise<void> {
  const document = await orrery.compare(
    given.map(({ source }) => source),
    request,
  );
  const { comparison } = document;
  if (session.json) session.printJson(document);
  else session.print(renderComparison(comparison, namesOf(given, comparison), session.terminal('stdout')));
}

/** Strategies of one name are told apart as they were typed. */
function namesOf(
  given: readonly GivenStrategy[],
  comparison: readonly BacktestDocument[],
): readonly string[] {
  const names = comparison.map(({ strategy }) => strategy);
  return names.map((name, at) =>
    names.filter((other) => other === name).length > 1 ? given[at]!.word : name,
  );
}

/** What asks for more than one backtest of each. */
const ofOneStrategy = {
  sweep: '--sweep',
  walkForward: '--walk-forward',
  workers: '--workers',
  monteCarlo: '--monte-carlo',
  trades: '--trades',
} as const satisfies Partial<Record<keyof SweepOptions, string>>;

/** @throws OrreryError `usage-invalid` for what cannot be compared, or not that way */
export function checkComparison(given: readonly GivenStrategy[], options: SweepOptions): void {
  for (const [name, option] of Object.entries(ofOneStrategy)) {
    if (options[name as keyof SweepOptions] === undefined) continue;
    throw new OrreryError(
      'usage-invalid',
      `${option} belongs to one strategy, and ${given.length} are given`,
      {
        hint: `Leave ${option} out, or give each strategy a command of its own.`,
      },
    );
  }
  // A pattern such as *.csv after --data leaves all files but the first among the strategies.
  const candles = given.find(({ source }) => /\.(csv|parquet|jsonl?|zip|gz)$/i.test(source));
  if (candles !== undefined) {
    throw new OrreryError('usage-invalid', `${candles.word} is no strategy`, {
      hint: 'Each file of candles takes a --data of its own.',
    });
  }
  const twice = given.find(({ source }, at) => given.findIndex((one) => one.source === source) < at);
  if (twice !== undefined) {
    throw new OrreryError('usage-invalid', `the strategy ${twice.word} is given twice`, {
      hint: 'Other parameters of the same strategy are compared by --sweep NAME=FROM..TO:STEP.',
    });
  }
}
