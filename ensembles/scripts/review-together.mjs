// The findings of all reviewers as one list in Markdown, the worst first. Reads {agents} from stdin.
import { text } from 'node:stream/consumers';

const { agents } = JSON.parse(await text(process.stdin));
const order = ['high', 'medium', 'low'];
const found = Object.entries(agents).flatMap(([aspect, { output }]) =>
  (output?.findings ?? []).map((finding) => ({ aspect, ...finding })),
);
found.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || (a.line ?? 0) - (b.line ?? 0));
const high = found.filter(({ severity }) => severity === 'high').length;
const verdict = found.length === 0 ? 'Nothing found' : high > 0 ? 'Not ready' : 'Ready after small changes';
const missing = Object.entries(agents).filter(([, { status }]) => status !== 'ok');
console.log(`**${verdict}**, by rules alone: ${found.length} found, ${high} of them high. A model would see more.\n`);
for (const { aspect, line, severity, message, suggestion } of found) {
  console.log(`- ${severity}, ${aspect}${line === null ? '' : `, line ${line}`}: ${message}. ${suggestion}`);
}
for (const [aspect, { error }] of missing) console.log(`- not reviewed for ${aspect}: ${error?.message ?? 'no answer'}`);
for (const [aspect, { output }] of Object.entries(agents)) if (output?.summary) console.log(`\n${aspect}: ${output.summary}`);
