import { type Html, html, markup } from './html.ts';
import { chartHeight, chartWidth, chartX, chartY } from './line-path.ts';
import type { AxisTick, TimeAxis } from './time-axis.ts';
import type { ValueAxis } from './value-axis.ts';

/** The name of a line, written at its right end. `position` is its height in the pane, 0 … 1. */
export interface EndLabel {
  readonly name: string;
  readonly value: string;
  readonly position: number;
  /** Class that gives it the look of its line. */
  readonly look: string;
}

export interface Pane {
  readonly caption: Html;
  /** What a reader without the picture should know; the SVG's title. */
  readonly title: string;
  readonly heightPx: number;
  readonly values: ValueAxis;
  /** What is drawn, on the grid of `line-path.ts`. */
  readonly drawing: Html;
  /** Laid over the drawing in HTML, so that it keeps its shape when the drawing is stretched. */
  readonly overlay?: Html;
  readonly ends?: readonly EndLabel[];
}

/**
 * Panes that share one time axis. The drawing is stretched to the box while all text stays HTML, so that it keeps its
 * size on a phone as on paper.
 */
export function chartFrame(id: string, time: TimeAxis, panes: readonly Pane[], table: Html): Html {
  return html`<figure class="chart" id="${id}">${panes.map((pane) => renderPane(pane, time))}<div class="xs"><div>${time.ticks.map(
    (tick, index) =>
      html`<span${index % 2 === 1 ? markup(' class="odd"') : null} style="left:${percentOf(tick)}">${tick.label}</span>`,
  )}</div></div>${table}</figure>`;
}

function renderPane(pane: Pane, time: TimeAxis): Html {
  const { values } = pane;
  const grid = values.ticks.map((tick) => `M0 ${chartY(tick.position)}H${chartWidth}`).join('');
  const months = time.ticks.map((tick) => `M${chartX(tick.position)} 0V${chartHeight}`).join('');
  return html`<p class="cap">${pane.caption}</p><div class="pane" style="height:${pane.heightPx}px"><div class="ys">${values.ticks.map(
    (tick) => html`<span style="top:${topOf(tick.position)}">${tick.label}</span>`,
  )}</div><div class="plot"><svg viewBox="0 0 ${chartWidth} ${chartHeight}" preserveAspectRatio="none" role="img"><title>${pane.title}</title><path class="grid" d="${grid}${months}"/>${pane.drawing}</svg>${pane.overlay ?? null}</div><div class="ends">${spread(
    pane.ends ?? [],
    pane.heightPx,
  ).map(
    (end) =>
      html`<span class="${end.look}" style="top:${topOf(end.position)}">${end.name}<b>${end.value}</b></span>`,
  )}</div></div>`;
}

const labelHeightPx = 34;

/** Moves labels apart so that none covers another, keeping their order. */
function spread(ends: readonly EndLabel[], heightPx: number): readonly EndLabel[] {
  const gap = labelHeightPx / heightPx;
  const sorted = [...ends].sort((a, b) => b.position - a.position);
  const placed: number[] = [];
  for (const end of sorted) placed.push(Math.min(end.position, (placed.at(-1) ?? 2) - gap));
  // What was pushed out at the bottom pushes back up.
  for (let index = placed.length - 1, floor = gap / 2; index >= 0; index--, floor += gap) {
    placed[index] = Math.max(placed[index]!, floor);
  }
  return sorted.map((end, index) => ({ ...end, position: placed[index]! }));
}

function percentOf(tick: AxisTick): string {
  return `${(tick.position * 100).toFixed(1)}%`;
}

export function leftOf(position: number): string {
  return `${(position * 100).toFixed(2)}%`;
}

export function topOf(position: number): string {
  return `${((1 - position) * 100).toFixed(1)}%`;
}

/** The numbers behind a chart, for readers who cannot or would not read the drawing. */
export function dataTable(headers: readonly string[], rows: readonly (readonly string[])[]): Html {
  return html`<details class="nums"><summary>The same in numbers</summary><div class="scroll"><table><thead><tr>${headers.map(
    (header) => html`<th>${header}</th>`,
  )}</tr></thead><tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div></details>`;
}

/** About `amount` indices spread evenly over 0 … length − 1, first and last included. */
export function evenly(length: number, amount: number): readonly number[] {
  if (length <= amount) return Array.from({ length }, (_, index) => index);
  return Array.from({ length: amount }, (_, index) => Math.round((index * (length - 1)) / (amount - 1)));
}
