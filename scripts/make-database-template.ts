// Part of the build: writes dist/database-template.tar.gz, from which a new embedded database opens in a fraction of a second.
import { mkdir, writeFile } from 'node:fs/promises';
import { makeDatabaseTemplate } from '../src/storage/database-template.ts';

const file = new URL('../dist/database-template.tar.gz', import.meta.url);
const template = await makeDatabaseTemplate();
await mkdir(new URL('.', file), { recursive: true });
await writeFile(file, template);
