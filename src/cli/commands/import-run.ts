import { count, counted } from '../../wording/index.ts';
import { resolvePath, type SharedOptions, type TerminalSession } from '../terminal-session.ts';

interface ImportOptions extends SharedOptions {
  readonly as?: string;
}

export async function importRun(
  session: TerminalSession,
  options: ImportOptions,
  file: string,
): Promise<void> {
  const orrery = await session.orrery();
  const imported = await orrery.importRun({ file: resolvePath(file), as: options.as ?? null });
  const { run, rows, status, data, replayOf } = imported;
  for (const { symbol, file: candles, here } of data) {
    if (here) continue;
    session.notices.warn(
      `to replay it, the candles of ${symbol} are needed at ${candles}; or export it --with-data`,
    );
  }
  if (replayOf !== null) {
    session.notices.warn(`to replay it, the answers of run ${replayOf} are needed here too`);
  }
  if (session.json) {
    session.printJson(imported);
    return;
  }
  const held = `${count(rows['decision'] ?? 0)} records, ${counted(rows['recording'] ?? 0, 'recording')}`;
  session.print(
    status === 'present'
      ? `${run} is here already, the same`
      : `${run}: ${held}    next: orrery run --replay ${run}`,
  );
}
