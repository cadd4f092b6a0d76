import { OrreryError } from '../../core/index.ts';
import { parseDataOption } from '../../market/index.ts';
import type { Orrery, RunRequest } from '../../orrery/index.ts';
import type { MarketData } from '../../runs/index.ts';
import { followRun } from '../follow-run.ts';
import { readTime, readWholeNumber } from '../read-options.ts';
import type { SharedOptions, TerminalSession } from '../terminal-session.ts';
import { refuseStrategy } from './refuse-other-kind.ts';

interface RunOptions extends SharedOptions {
  readonly data?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly id?: string;
  readonly seed?: string;
  readonly record: boolean;
  readonly resume?: string;
  readonly replay?: string;
}

export const defaultSeed = 7;

export async function run(
  session: TerminalSession,
  options: RunOptions,
  desk: string | null,
): Promise<number> {
  refuseContradictions(options, desk);
  const orrery = await session.orrery();
  const { resume, replay } = options;
  if (resume !== undefined) return followRun(session, orrery, (watch) => orrery.resume(resume, watch));
  if (replay !== undefined)
    return followRun(session, orrery, (watch) => orrery.replay(replay, options.id ?? null, watch));
  refuseStrategy(
    desk ?? '',
    orrery.listDesks().map(({ name }) => name),
  );
  const request = readRequest(options, desk ?? '', orrery);
  return followRun(session, orrery, (watch) => orrery.run(request, watch));
}

function readRequest(options: RunOptions, desk: string, orrery: Orrery): RunRequest {
  const from = options.from === undefined ? null : readTime('--from', options.from);
  const to = options.to === undefined ? null : readTime('--to', options.to);
  if (from !== null && to !== null && from >= to) {
    throw new OrreryError('usage-invalid', `--from ${options.from} is not before --to ${options.to}`, {
      hint: '--from is included, --to is not.',
    });
  }
  return {
    desk,
    data: readData(options.data ?? [], orrery),
    from,
    to,
    seed: options.seed === undefined ? defaultSeed : readWholeNumber('--seed', options.seed, 0, 2 ** 32 - 1),
    record: options.record,
    run: options.id ?? null,
  };
}

function readData(given: readonly string[], { candles }: Orrery): MarketData | null {
  if (given.length === 0) return null;
  return { kind: 'files', files: given.map((text) => candles.locate(parseDataOption(text))) };
}

function refuseContradictions(options: RunOptions, desk: string | null): void {
  const again = options.resume !== undefined ? '--resume' : options.replay !== undefined ? '--replay' : null;
  const hint = 'See: orrery run --help';
  if (again === null) {
    if (desk === null)
      throw new OrreryError('usage-invalid', 'which desk? Give its name or its file', { hint });
    return;
  }
  const extra = [
    desk === null ? null : 'a desk',
    options.resume !== undefined && options.replay !== undefined ? '--replay' : null,
    options.resume !== undefined && options.id !== undefined ? '--id' : null,
    ...(['data', 'from', 'to', 'seed'] as const).map((name) =>
      options[name] === undefined ? null : `--${name}`,
    ),
  ].find((one) => one !== null);
  if (extra === undefined) return;
  throw new OrreryError(
    'usage-invalid',
    `${again} stands alone: the run brings its own desk, data and settings, so ${extra} cannot be given`,
    { hint },
  );
}
