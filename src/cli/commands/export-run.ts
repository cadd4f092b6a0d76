import { count, counted } from '../../wording/index.ts';
import { resolvePath, type SharedOptions, type TerminalSession } from '../terminal-session.ts';

interface ExportOptions extends SharedOptions {
  readonly withData?: boolean;
}

export async function exportRun(
  session: TerminalSession,
  { withData = false }: ExportOptions,
  run: string,
  file: string | null,
): Promise<void> {
  const orrery = await session.orrery();
  const exported = await orrery.exportRun({ run, file: resolvePath(file ?? `${run}.run.gz`), withData });
  const { rows, bytes, data, replayOf } = exported;
  if (replayOf !== null) {
    session.notices.warn(
      `${run} is a replay: the answers it rests on are ${replayOf}'s. To replay it, export that run too.`,
    );
  }
  if (session.json) {
    session.printJson(exported);
    return;
  }
  const held = `${count(rows['decision'] ?? 0)} records, ${counted(rows['recording'] ?? 0, 'recording')}`;
  const candles = data.length === 0 ? '' : `, ${withData ? 'with' : 'without'} its candles`;
  session.print(`${exported.file}: ${held}${candles}, ${count(bytes)} bytes`);
}
