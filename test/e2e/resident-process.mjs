// Carries out one command line after another, as `resident.ts` asks. JavaScript, since Node 20 runs nothing else by itself.
import process from 'node:process';
import { runCommandLine } from '../../dist/cli/program.js';

process.on('message', async ({ words, cwd, env }) => {
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  const before = listeners();
  const stdout = capture(process.stdout);
  const stderr = capture(process.stderr);
  const exitCode = await runCommandLine(words);
  process.send({ exitCode, stdout: stdout(), stderr: stderr(), leavesNothing: listeners() === before });
});

// Nobody is left who could ask: whatever it is at.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

/** @returns what ends it, and gives what was written */
function capture(stream) {
  let text = '';
  stream.write = (part) => {
    text += part;
    return true;
  };
  return () => {
    delete stream.write;
    return text;
  };
}

/** How many listen for a signal, or for the end of the process. */
function listeners() {
  const events = ['SIGINT', 'SIGTERM', 'exit', 'beforeExit', 'uncaughtException', 'unhandledRejection'];
  return events.map((event) => process.listenerCount(event)).join();
}
