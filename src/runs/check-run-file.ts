import { ZodError } from 'zod';
import { OrreryError } from '../core/index.ts';
import { createMovedRowsCheck, type MovedTable, movedTables } from '../journal/index.ts';
import { checkRecording } from '../llm/index.ts';
import { checkMovedRun } from './moved-run.ts';
import { unpackData } from './packed-data.ts';
import {
  damaged,
  damagedLine,
  type NumberedLine,
  type RunFile,
  type RunFileHead,
  readRunFile,
} from './run-file.ts';

/**
 * Reads all of it once, and keeps nothing.
 * @throws OrreryError `run-file-invalid` for what is no such file, not whole, or holds what no run has; `recording-altered`;
 * `file-not-found`, `file-unreadable`
 */
export async function checkRunFile(file: string): Promise<RunFileHead> {
  return readRunFile(file, async (content) => {
    const { head } = content;
    const candles = unpackData(file, head, null);
    try {
      for await (const { key, value, number } of checkedLines(file, content)) {
        if (key === 'candles') await naming(file, number, candles.add(value));
      }
      await candles.close();
    } catch (thrown) {
      // A file that was damaged on its way is said to be that, whatever the damage looks like.
      for await (const _ of content.lines);
      throw thrown;
    }
    return head;
  });
}

/** The order of their lines. */
const kinds: readonly string[] = ['run', ...movedTables, 'recording', 'candles'];

/** The file's lines, each looked at before it is handed on; those of candles are left to who unpacks them. */
export async function* checkedLines(file: string, content: RunFile): AsyncGenerator<NumberedLine> {
  const { head, lines, budget } = content;
  const rows = createMovedRowsCheck(head.run);
  const left = new Map(Object.entries(head.rows));
  let kind = -1;
  let recording = '';
  const check = async ({ key, value }: NumberedLine): Promise<void> => {
    const rank = kinds.indexOf(key);
    if (kind < 0 ? rank !== 0 : rank === 0 || rank < kind) throw new RangeError('it is not in its place');
    kind = rank;
    const rest = left.get(key);
    if (rest !== undefined) left.set(key, rest - 1);
    else if (key !== 'candles') throw new RangeError('its kind is not counted');
    if (key === 'run') checkMovedRun(value, head);
    else if (key === 'recording') recording = checkRecording(value, head.run, recording).id;
    else if (key !== 'candles') budget.spend(await rows.add(key as MovedTable, value, budget.left()));
  };
  for await (const line of iterated(lines)) {
    await naming(file, line.number, check(line));
    yield line;
  }
  if (kind < 0) throw damaged(file, 'it holds no run');
  if ([...left.values()].some((rest) => rest !== 0)) throw damaged(file, 'rows are missing');
  try {
    rows.close();
  } catch (thrown) {
    throw damaged(file, reasonOf(thrown), thrown);
  }
}

/** Leaves `lines` open when its reader breaks off, to be read to the end. */
async function* iterated<Item>(lines: AsyncIterable<Item>): AsyncGenerator<Item> {
  const iterator = lines[Symbol.asyncIterator]();
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return;
    yield next.value;
  }
}

/** What stands in the file is a stranger's: whatever it makes us stumble over is a fault of its line. */
export async function naming(file: string, number: number, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof OrreryError && thrown.code !== 'database-failed') throw thrown;
    throw damagedLine(file, number, reasonOf(thrown), thrown);
  }
}

/** In our own words: those of a parser hold pieces of the file. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof ZodError) return shapeFault(thrown);
  if (thrown instanceof OrreryError && thrown.cause instanceof ZodError) return shapeFault(thrown.cause);
  if (thrown instanceof Error && 'code' in thrown) return 'it cannot be unpacked, or to far too much';
  return thrown instanceof RangeError ? thrown.message : 'it cannot be read';
}

function shapeFault({ issues: [issue] }: ZodError): string {
  const place = (issue?.path ?? []).map(String).join('.');
  return place === ''
    ? 'it is no row'
    : `${place.replaceAll(/[^\w.-]/g, '?').slice(0, 100)} is nothing a run has`;
}
