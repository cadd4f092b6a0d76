// What a program can find in code of any language that looks like C, TypeScript or Python, for one reviewer. Reads
// {input} from stdin, writes {summary, findings} to stdout.
import { text } from 'node:stream/consumers';

/** [severity, pattern, message, suggestion] */
const rules = {
  correctness: [
    ['medium', /catch\s*(\([^)]*\))?\s*\{\s*\}|except[^:\n]*:\s*pass\b/, 'an error is caught and dropped', 'Handle it, or let it pass on.'],
    ['high', /===?\s*NaN\b/, 'nothing is equal to NaN', 'Use Number.isNaN.'],
    ['medium', /\bforEach\(\s*async\b/, 'forEach does not wait for an async function', 'Use for … of with await, or Promise.all.'],
    ['low', /\b(TODO|FIXME|XXX)\b/, 'something is left to do', 'Do it, or point to an issue.'],
    ['low', /\bparseInt\(\s*[^,()]+\)/, 'parseInt without a radix', 'Use Number(…), or give the radix.'],
  ],
  security: [
    ['high', /\beval\s*\(|\bnew Function\s*\(|\bexec\s*\(\s*["'`f].*[$%{+]/, 'text is run as code', 'Parse it, or look it up in a table.'],
    ['high', /(api[_-]?key|secret|password|passwd|token)\s*[:=]\s*["'`][^"'`\s]{8,}["'`]/i, 'a secret stands in the source', 'Read it from the environment, and replace it: it is known now.'],
    ['high', /(query|execute)\s*\(\s*(`[^`]*\$\{|["'][^"']*["']\s*\+)/, 'a query is put together from text', 'Use parameters.'],
    ['medium', /innerHTML\s*=|dangerouslySetInnerHTML|\.html\(\s*[^)"'`]/, 'text becomes HTML as it is', 'Set textContent, or escape it.'],
    ['medium', /Math\.random\(\)|random\.random\(\)/, 'chance that can be foretold', 'For keys and tokens use crypto.randomBytes or secrets.'],
    ['medium', /rejectUnauthorized\s*:\s*false|verify\s*=\s*False|NODE_TLS_REJECT_UNAUTHORIZED/, 'a certificate is not checked', 'Trust the right authority instead.'],
    ['low', /http:\/\/(?!localhost|127\.0\.0\.1)/, 'an address without TLS', 'Use https.'],
  ],
  readability: [
    ['low', /^.{141,}$/, 'a line of more than 140 characters', 'Break it where the thought does.'],
    ['low', /^(\t{6,}|( {2}){8,}| {24,})\S/, 'deep nesting', 'Return early, or name the inner part.'],
    ['low', /\bconsole\.(log|debug)\(|\bprint\(\s*["'`]debug/i, 'a line for debugging', 'Take it out, or log it properly.'],
    ['low', /:\s*any\b|\bas any\b/, 'a type that says nothing', 'Name the shape.'],
    ['low', /\b(var)\s+\w+\s*=/, '`var` reaches farther than it looks', 'Use const or let.'],
  ],
};

const most = 20;
const [aspect] = process.argv.slice(2);
const { input } = JSON.parse(await text(process.stdin));
const lines = String(typeof input === 'string' ? input : JSON.stringify(input, null, 2)).replace(/\n$/, '').split('\n');
const findings = lines.flatMap((line, index) =>
  rules[aspect]
    .filter(([, pattern]) => pattern.test(line))
    .map(([severity, , message, suggestion]) => ({ line: index + 1, severity, message, suggestion })),
);
const order = ['high', 'medium', 'low'];
findings.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || a.line - b.line);
const left = findings.length > most ? `; the first ${most} are listed` : '';
console.log(
  JSON.stringify({
    summary: `${lines.length} lines checked for ${aspect} by ${rules[aspect].length} rules, not by a model: ${findings.length} found${left}`,
    findings: findings.slice(0, most),
  }),
);
