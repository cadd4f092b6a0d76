import { createHash } from 'node:crypto';
import type { CandleSeries, EpochMs, NewsItem } from '../core/index.ts';
import { isoTime, OrreryError, sinceProcessStartMs } from '../core/index.ts';
import { firstBarFrom, type Market, type RunInstrument } from '../engine/index.ts';
import { createSyntheticMarket, type LoadedCandles, loadCandleFile } from '../market/index.ts';
import type { FileData, MarketRequest, RunSettings, SyntheticData } from './run-settings.ts';

/** The market of a run, loaded: what is traded, and what is said about it. */
export interface OpenMarket {
  readonly markets: readonly Market[];
  readonly instruments: readonly RunInstrument[];
  /** Sorted by `knownAt`; null when the run has no source of news. */
  readonly news: readonly NewsItem[] | null;
  readonly synthetic: boolean;
  /** How long it took to read or to make. */
  readonly loadMs: number;
}

/** @throws OrreryError `interval-mixed`, `range-empty`, `usage-invalid` for two files of one symbol, and what reading candles throws */
export async function openMarket(request: MarketRequest): Promise<OpenMarket> {
  const { data } = request;
  const startedMs = sinceProcessStartMs();
  refuseSwapped(request);
  const market =
    data.kind === 'synthetic' ? openSynthetic(request, data.market) : await openFiles(request, data.files);
  return { ...market, loadMs: sinceProcessStartMs() - startedMs };
}

/**
 * A run that goes on, or is done again, must see what it saw.
 * @throws OrreryError `data-changed` naming the file
 */
export function refuseChanged(market: OpenMarket, settings: RunSettings): void {
  for (const { symbol, file, sha256 } of market.instruments) {
    const sealed = settings.hashes[symbol];
    if (sealed === sha256) continue;
    const what = file ?? `the synthetic market of ${symbol}`;
    throw new OrreryError(
      'data-changed',
      `${what} is not what the run began with (SHA-256 ${sha256}, was ${sealed})`,
      {
        hint:
          file === null
            ? 'Use the version of Orrery that made the run.'
            : 'Put the original file back, or start a new run on the new one.',
      },
    );
  }
}

type LoadedMarket = Omit<OpenMarket, 'loadMs'>;

function openSynthetic(request: MarketRequest, data: SyntheticData): LoadedMarket {
  const { instruments, series, news } = createSyntheticMarket({ seed: request.seed, ...data });
  const markets = series.map((one, slot) => inRange(one, instruments[slot]!, request));
  return {
    markets: refuseEmpty(markets, request),
    instruments: markets.map(({ instrument, series: own }) => ({
      ...instrument,
      file: null,
      sha256: columnsHash(own),
    })),
    news,
    synthetic: true,
  };
}

async function openFiles(request: MarketRequest, files: readonly FileData[]): Promise<LoadedMarket> {
  const limits = request.to === null ? {} : { to: request.to };
  const loaded = await Promise.all(files.map((file) => loadCandleFile(file, limits)));
  const ordered = [...loaded].sort((a, b) => (a.series.symbol < b.series.symbol ? -1 : 1));
  refuseTwice(ordered);
  refuseMixedIntervals(ordered);
  const markets = ordered.map(({ series, instrument }) => inRange(series, instrument, request));
  return {
    markets: refuseEmpty(markets, request),
    instruments: ordered.map(({ instrument, file, sha256 }) => ({ ...instrument, file, sha256 })),
    news: null,
    synthetic: false,
  };
}

function refuseTwice(ordered: readonly LoadedCandles[]): void {
  const twice = ordered.find((one, slot) => one.series.symbol === ordered[slot + 1]?.series.symbol);
  if (twice === undefined) return;
  throw new OrreryError('usage-invalid', `two files are given for ${twice.series.symbol}`, {
    hint: 'Name them apart: --data A=FILE --data B=FILE.',
  });
}

function refuseMixedIntervals(loaded: readonly LoadedCandles[]): void {
  const [first] = loaded;
  const other = loaded.find(({ series }) => series.intervalMs !== first?.series.intervalMs);
  if (first === undefined || other === undefined) return;
  throw new OrreryError(
    'interval-mixed',
    `${first.instrument.symbol} has bars of ${first.instrument.timeframe}, ${other.instrument.symbol} of ${other.instrument.timeframe}`,
    { hint: 'All files of a run need bars of one length.' },
  );
}

function inRange(
  series: CandleSeries,
  instrument: Market['instrument'],
  { from, to }: MarketRequest,
): Market {
  return {
    instrument,
    series,
    from: firstBarFrom(series, from ?? Number.NEGATIVE_INFINITY),
    to: firstBarFrom(series, to ?? Number.POSITIVE_INFINITY),
  };
}

function refuseSwapped({ from, to }: MarketRequest): void {
  if (from === null || to === null || from < to) return;
  const swapped = from > to;
  throw new OrreryError('range-empty', `there is no bar from ${isoTime(from)} to ${isoTime(to)}`, {
    hint: swapped
      ? 'The ends are swapped: --from is the earlier one.'
      : 'Bars that open at --to are left out: give a later one.',
  });
}

function refuseEmpty(markets: readonly Market[], { from, to }: MarketRequest): readonly Market[] {
  if (markets.some((market) => market.from < market.to)) return markets;
  const words = [from === null ? null : `from ${isoTime(from)}`, to === null ? null : `to ${isoTime(to)}`];
  throw new OrreryError('range-empty', `there is no bar ${words.filter((word) => word !== null).join(' ')}`, {
    // Of what opens at `to` or later nothing was read.
    hint: `The data reach ${reach(markets, to)}.`,
  });
}

function reach(markets: readonly Market[], to: EpochMs | null): string {
  const opens = markets.flatMap(({ series }) =>
    series.length === 0 ? [] : [series.openTime[0]!, series.openTime[series.length - 1]!],
  );
  return opens.length === 0
    ? 'nowhere before that'
    : `from ${isoTime(Math.min(...opens))} to ${isoTime(Math.max(...opens))}${to === null ? '' : ', what lies after --to left out'}`;
}

function columnsHash({ openTime, open, high, low, close, volume }: CandleSeries): string {
  const hash = createHash('sha256');
  for (const column of [openTime, open, high, low, close, volume]) {
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
  return hash.digest('hex');
}
