import { join } from 'node:path';
import { parseMoon } from '../agents/index.ts';
import { type DeskFile, listDesks, type OpenDesk, readDeskFile, resolveDesk } from '../desk/index.ts';
import { packageRoot } from '../package.ts';

export interface Desks {
  listDesks(): readonly DeskFile[];
  openDesk(nameOrPath: string): OpenDesk;
}

/** A project's own desks come before the shipped ones. */
export function findDesks(cwd: string): Desks {
  const folders = [join(cwd, 'desks'), join(packageRoot, 'desks')];
  return {
    listDesks: () => listDesks(folders),
    openDesk: (nameOrPath) => readDeskFile(resolveDesk(nameOrPath, folders), parseMoon),
  };
}
