import { readFile } from 'node:fs/promises';

/**
 * When a process started, in the kernel's ticks since boot: together with the pid it names a process for good, while
 * a pid alone is soon given to another. Null where /proc does not say; `ended` for a zombie, which holds nothing.
 */
export async function processStart(pid: number): Promise<string | null> {
  let stat: string;
  try {
    stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The second field is the command in parentheses and may itself hold spaces and parentheses (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  if (state === 'Z' || state === 'X') return 'ended';
  return fields[19] ?? null;
}
