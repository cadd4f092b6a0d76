import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { OrreryError } from '../../core/index.ts';
import { makeFolder } from '../../storage/index.ts';
import { resolvePath, type TerminalSession } from '../terminal-session.ts';

const configuration = `# Orrery's configuration; every key stands in docs/configuration.md.
# Without a model everything runs by rules, free of charge, and says so.
llm:
  providers:
    # Any OpenAI-compatible server: Ollama, OpenRouter, a gateway.
    local: { kind: ollama }
    # remote: { kind: openrouter, apiKeyEnv: OPENROUTER_API_KEY }
  profiles:
    # Take the # away to let models decide. A profile that is not given falls to analyst.
    # analyst: { provider: local, model: qwen3:8b, usdPerMillion: { input: 0, output: 0 } }
    # chief: { provider: remote, model: some/model, maxTokens: 800 }
`;

const environmentExample = `# Copy to .env, which Orrery reads at its start. Never commit .env.
# Instead of a variable a key can be stored, encrypted: orrery auth set remote
# OPENROUTER_API_KEY=
# DATABASE_URL=postgres://user@127.0.0.1:5432/orrery
# ORRERY_HOME=.orrery
`;

/** Writes what a new project begins with. A file that is there already is left alone. */
export async function init(session: TerminalSession, folder: string): Promise<void> {
  const orrery = await session.orrery();
  const root = resolvePath(folder);
  const desk = orrery.openDesk('solar').text.replace(/^desk: solar$/m, 'desk: my-desk');
  const files = [
    { path: join(root, 'orrery.yaml'), text: configuration },
    { path: join(root, 'desks', 'my-desk.yaml'), text: desk },
    { path: join(root, '.env.example'), text: environmentExample },
  ];
  const written: string[] = [];
  const kept: string[] = [];
  for (const { path, text } of files) (writeNew(path, text) ? written : kept).push(relative(root, path));
  if (session.json) {
    session.printJson({ folder: root, written, kept });
    return;
  }
  const lines = [
    ...written.map((path) => `wrote  ${path}`),
    ...kept.map((path) => `kept   ${path} (was there already)`),
    `Next:  ${folder === '.' ? '' : `cd ${folder} && `}orrery run my-desk`,
  ];
  session.print(lines.join('\n'));
}

/** False when there is such a file already. @throws OrreryError `usage-invalid` when it cannot be written there */
function writeNew(path: string, text: string): boolean {
  try {
    makeFolder(dirname(path));
    if (existsSync(path)) return false;
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : cause;
    throw new OrreryError('usage-invalid', `${path} cannot be written: ${reason}`, {
      hint: 'Name a folder that you can write to, or one that does not exist yet.',
      cause,
    });
  }
}
