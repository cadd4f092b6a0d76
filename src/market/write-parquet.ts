import type { CandleSeries } from '../core/index.ts';
import { literal, loadDuckDb, withDuckDb } from './duckdb.ts';

const columns = ['openTime', 'open', 'high', 'low', 'close', 'volume'] as const;
/** Rows that DuckDB takes at once. */
const chunkRows = 2_048;

/** Writes the candles, their opens as UTC timestamps, and `note` under `orrery` beside them. */
export async function writeParquet(file: string, series: CandleSeries, note: string): Promise<void> {
  const { DOUBLE, DuckDBDataChunk } = await loadDuckDb();
  const types = columns.map(() => DOUBLE);
  await withDuckDb(async (connection) => {
    const fields = columns.map((name) => `"${name}" DOUBLE`).join(', ');
    await connection.run(`CREATE TABLE candles (${fields})`);
    const appender = await connection.createAppender('candles');
    for (let from = 0; from < series.length; from += chunkRows) {
      const count = Math.min(chunkRows, series.length - from);
      const chunk = DuckDBDataChunk.create(types, count);
      for (const [place, name] of columns.entries()) {
        const vector = chunk.getColumnVector(place);
        for (let item = 0; item < count; item++) vector.setItem(item, series[name][from + item]!);
        vector.flush();
      }
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
    const selected = 'epoch_ms(CAST("openTime" AS BIGINT)) AS open_time, open, high, low, close, volume';
    const options = `FORMAT parquet, COMPRESSION zstd, KV_METADATA {orrery: ${literal(note)}}`;
    await connection.run(`COPY (SELECT ${selected} FROM candles) TO ${literal(file)} (${options})`);
  });
}
