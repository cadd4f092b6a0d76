import type { ChildProcess } from 'node:child_process';

/** A child that leads a process group, and all it started there. */
export interface ProcessGroup {
  kill(): void;
  /** Kills what is left, and forgets it. */
  close(): void;
}

const open = new Set<ProcessGroup>();

/** Nothing is left behind when this process ends while programs run. */
function killAll(): void {
  for (const group of open) group.kill();
}

/** Of a child that was started `detached`. To be closed. */
export function openGroup(child: ChildProcess): ProcessGroup {
  const group: ProcessGroup = {
    kill: () => killGroup(child),
    close() {
      killGroup(child);
      open.delete(group);
      if (open.size === 0) process.off('exit', killAll);
    },
  };
  if (open.size === 0) process.on('exit', killAll);
  open.add(group);
  return group;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone, or the system knows of none.
    child.kill('SIGKILL');
  }
}
