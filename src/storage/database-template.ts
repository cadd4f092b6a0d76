import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';

/** Seen from `dist/storage` and, when the sources run, from `src/storage`. */
const templateFiles = ['../database-template.tar.gz', '../../dist/database-template.tar.gz'].map((place) =>
  fileURLToPath(new URL(place, import.meta.url)),
);

/**
 * The files of a new, empty database as a gzipped tar archive. Making it takes seconds (PostgreSQL's initdb), unpacking
 * it a tenth of one, so the build makes it once. WAL comes in 1 MB segments: it is cut back to a few of them, and a
 * checksum per page would only cost WAL here, where nothing lies between us and the file system.
 */
export async function makeDatabaseTemplate(): Promise<Buffer> {
  const database = await PGlite.create({ initDbStartParams: ['--wal-segsize=1', '--no-data-checksums'] });
  const archive = await database.dumpDataDir('none');
  await database.close();
  return gzipSync(await archive.arrayBuffer(), { level: 9 });
}

/**
 * Makes a new database at `folder`, whole or not at all. Synchronous, because a thousand small files take longer
 * otherwise and the command has nothing else to do yet.
 */
export async function createFromTemplate(folder: string): Promise<void> {
  const archive = gunzipSync(readTemplate() ?? (await makeDatabaseTemplate()));
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { mode: 0o700 });
  for (const entry of tarEntries(archive)) {
    const place = join(partial, entry.name);
    if (entry.kind === 'folder') mkdirSync(place, { recursive: true });
    else writeFileSync(place, entry.content);
  }
  renameSync(partial, folder);
}

function readTemplate(): Buffer | null {
  for (const file of templateFiles) {
    try {
      return readFileSync(file);
    } catch {
      // Not built: the next place, and in the end initdb, which is slow but needs no file.
    }
  }
  return null;
}

type TarEntry =
  | { readonly kind: 'folder'; readonly name: string }
  | { readonly kind: 'file'; readonly name: string; readonly content: Buffer };

/** Reads the archives that {@link makeDatabaseTemplate} writes: ustar headers in blocks of 512 bytes, names under 100. */
function* tarEntries(archive: Buffer): Generator<TarEntry> {
  const text = (start: number, end: number) => archive.toString('latin1', start, end).replace(/\0.*$/s, '');
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0; ) {
    const name = text(at, at + 100);
    const size = Number.parseInt(text(at + 124, at + 136), 8);
    const content = archive.subarray(at + 512, at + 512 + size);
    yield text(at + 156, at + 157) === '5' ? { kind: 'folder', name } : { kind: 'file', name, content };
    at += 512 + 512 * Math.ceil(size / 512);
  }
}
