import type { Notices } from '../core/index.ts';

/** Lines on stderr, each note once; what could repaint a terminal is taken out of them. */
export function noticesOnStderr(): Notices {
  const said = new Set<string>();
  const say = (line: string) => void process.stderr.write(`${line.replace(/(?!\t)\p{Cc}/gu, ' ')}\n`);
  return {
    warn(text) {
      if (said.has(text)) return;
      said.add(text);
      say(`note: ${text}`);
    },
    alert: (text) => say(`alert: ${text}`),
  };
}
