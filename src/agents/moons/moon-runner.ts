import { statSync } from 'node:fs';
import { z } from 'zod';
import { type CandleSeries, closeTime, isoTime, type JsonValue, OrreryError } from '../../core/index.ts';
import { compileExpression, type EnsembleFiles, type Runner } from '../../ensemble/index.ts';
import { loadCandleFile, parseCandleSource } from '../../market/index.ts';
import { refusal } from '../../yaml/index.ts';
import { seriesOfList } from './listed-candles.ts';
import type { Moon } from './moon.ts';
import { createMoonReader, type Reading } from './moon-reader.ts';
import { parseMoon } from './parse-moon.ts';

const settings = z.strictObject({
  moon: z
    .string()
    .max(100)
    .superRefine((name, context) => {
      try {
        parseMoon(name);
      } catch (thrown) {
        if (!(thrown instanceof OrreryError)) throw thrown;
        context.addIssue(refusal(thrown));
      }
    })
    .describe('a moon such as rsi-14'),
  candles: z
    .string()
    .min(1)
    .max(2_000)
    .describe('an expression that gives the path of a file of candles, or a list of them')
    .default('input'),
});

type Settings = z.infer<typeof settings>;

type MoonReader = ReturnType<typeof createMoonReader>;

/**
 * A moon at the close of the last bar of a file or a list. Nothing is later than that bar, so there is no future to look into. Has no
 * `content` to keep answers by: which file it reads is known only in its turn, and reading it again costs less than being wrong.
 */
export function createMoonRunner(): Runner<Settings> {
  const reader = createMoonReader();
  const files = createSeriesCache();
  return {
    kind: 'moon',
    settings,
    prepare({ moon: name, candles }, surroundings) {
      const moon = parseMoon(name);
      const expression = compileExpression(candles, surroundings.dependsOn, surroundings.agents);
      return {
        async answer({ scope, signal }) {
          const value = expression.evaluate(scope);
          const series = await seriesOf(value, candles, surroundings.files, files);
          signal.throwIfAborted();
          return { output: outputOf(moon, series, reader) };
        },
      };
    },
  };
}

async function seriesOf(
  value: JsonValue,
  expression: string,
  files: EnsembleFiles,
  cache: SeriesCache,
): Promise<CandleSeries> {
  if (typeof value === 'string') return await cache.load(pathIn(value.trim(), expression), files);
  if (Array.isArray(value)) return seriesOfList(value as JsonValue);
  throw new OrreryError(
    'agent-failed',
    `\`${expression}\` gives neither the path of a file nor a list of candles`,
    {
      hint: 'Point `candles` at what holds them, e.g. input.candles.',
    },
  );
}

/** Longer than any path that people write. */
const longestPath = 300;

/** What is a file's content rather than its path shall not fill the error. */
function pathIn(text: string, expression: string): string {
  const lines = text.split('\n').length;
  if (lines === 1 && text.length <= longestPath) return text;
  const size = lines === 1 ? `${text.length} characters` : `${lines} lines`;
  throw new OrreryError(
    'agent-failed',
    `\`${expression}\` gives a text of ${size}, which is no path of a file of candles`,
    { hint: 'Name the file, e.g. --input BTCUSDT_1h.csv, instead of giving what stands in it.' },
  );
}

function outputOf(moon: Moon, series: CandleSeries, reader: MoonReader): JsonValue {
  const last = series.length - 1;
  const readings = reader.readings(series, last, [moon]);
  const reason = last < moon.warmUp(series.intervalMs) ? 'warming-up' : 'absent';
  const shown = ({ value, unit }: Reading) => ({ value, unit });
  return {
    moon: moon.name,
    at: isoTime(closeTime(series, last)),
    close: series.close[last]!,
    bars: series.length,
    values: Object.fromEntries(readings.map((reading) => [reading.name, shown(reading)])),
    missing: readings.filter(({ value }) => value === null).map(({ name }) => ({ name, reason })),
  };
}

interface SeriesCache {
  /** @throws OrreryError `file-not-found`, and what opening candles throws */
  load(source: string, files: EnsembleFiles): Promise<CandleSeries>;
}

/** Moons of one ensemble mostly look at one file; a series may take 50 MB. */
const rememberedFiles = 4;

/** Reads a file once as long as it does not change, however many ask for it at a time. */
function createSeriesCache(): SeriesCache {
  const loading = new Map<string, Promise<CandleSeries>>();
  return {
    load(source, files) {
      const { symbol, file, format } = parseCandleSource('candles', source);
      const found = files.find(file);
      if (found === null) {
        throw new OrreryError(
          'file-not-found',
          `there is no file of candles ${JSON.stringify(file.slice(0, 200))}`,
          {
            hint: `Give its path from where the command is run, or from ${files.folder}.`,
          },
        );
      }
      const { mtimeMs, size } = statSync(found);
      const key = JSON.stringify([found, format, mtimeMs, size]);
      const known = loading.get(key);
      if (known !== undefined) return known;
      const series = loadCandleFile({ symbol: symbol ?? 'candles', file: found, format }).then(
        (loaded) => loaded.series,
      );
      loading.set(key, series);
      if (loading.size > rememberedFiles) loading.delete(loading.keys().next().value!);
      series.catch(() => loading.delete(key));
      return series;
    },
  };
}
