// npx tsx scripts/draw-speed.ts FILE: draws docs/speed.svg from what `npm run bench -- engine --json` printed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Measured {
  readonly growth: { readonly points: readonly { readonly bars: number; readonly nsPerBar: number }[] };
}

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('draw-speed: give the file with the bench’s JSON');
  process.exit(2);
}
const { growth } = JSON.parse(readFileSync(file, 'utf8')) as Measured;
const width = 640;
const height = 260;
const left = 60;
const bottom = 40;
const top = 20;
const most = Math.ceil(Math.max(...growth.points.map(({ nsPerBar }) => nsPerBar)) / 100) * 100;
const decades = growth.points.map(({ bars }) => Math.log10(bars));
const x = (bars: number) =>
  left + 30 + ((Math.log10(bars) - decades[0]!) / (decades.at(-1)! - decades[0]!)) * (width - left - 80);
const y = (ns: number) => height - bottom - (ns / most) * (height - bottom - top);
const label = (at: number, baseline: number, words: string, anchor = 'middle') =>
  `<text x="${at.toFixed(1)}" y="${baseline.toFixed(1)}" text-anchor="${anchor}">${words}</text>`;
const grid = [0, most / 2, most].map(
  (ns) =>
    `<path d="M${left} ${y(ns)}H${width - 20}" stroke="#dcdcd6"/>${label(left - 8, y(ns) + 4, String(ns), 'end')}`,
);
const marks = growth.points.map(({ bars, nsPerBar }) => {
  const at = x(bars);
  const name = bars >= 1e6 ? `${bars / 1e6}M` : `${bars / 1e3}k`;
  return `<circle cx="${at.toFixed(1)}" cy="${y(nsPerBar).toFixed(1)}" r="4"/>${label(at, y(nsPerBar) - 10, String(nsPerBar))}${label(at, height - bottom + 20, name)}`;
});
const line = growth.points
  .map(({ bars, nsPerBar }) => `${x(bars).toFixed(1)} ${y(nsPerBar).toFixed(1)}`)
  .join('L');
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-sans-serif,system-ui,sans-serif" font-size="12" fill="#1b1d22"><title>Nanoseconds a bar by the number of bars</title><rect width="${width}" height="${height}" fill="#fbfbf9"/>${grid.join('')}<path d="M${line}" fill="none" stroke="#1b1d22" stroke-width="1.5"/>${marks.join('')}${label(left, 12, 'ns a bar', 'end')}${label(width / 2, height - 4, 'bars in the test')}</svg>\n`;
writeFileSync(join(import.meta.dirname, '../docs/speed.svg'), svg);
