#!/usr/bin/env node
import { runCommandLine } from './program.ts';
import { guardStreams } from './standard-streams.ts';

guardStreams();

process.exitCode = await runCommandLine(process.argv.slice(2));
