#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { runCommandLine } from './program.ts';

// A reader that has seen enough (`| head`) is no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// What the shell sets wins over the file.
if (existsSync('.env')) process.loadEnvFile('.env');

process.exitCode = await runCommandLine(process.argv.slice(2));
