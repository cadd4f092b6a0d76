import { absent, axisLabel, drawdown, duration, money, percentChange, stamp } from '../wording/index.ts';
import { chartFrame, dataTable, type EndLabel, evenly, leftOf, type Pane, topOf } from './chart-frame.ts';
import { type Html, html, markup } from './html.ts';
import { chartWidth, chartX, chartY, linePath, thinOut } from './line-path.ts';
import type { BaselineCurve, ReportData } from './report-data.ts';
import type { TimeAxis } from './time-axis.ts';
import { createLogAxis, createValueAxis, extent, spreadsFar, type ValueAxis } from './value-axis.ts';

const looks = {
  'buy-and-hold': { look: 'hold', name: 'hold' },
  'exposure-matched': { look: 'matched', name: 'matched' },
} as const satisfies Record<BaselineCurve['name'], unknown>;

/** Equity against its baselines, and under it how far equity stood below its highest point. */
export function equityChart(data: ReportData, time: TimeAxis): Html {
  const start = capitalOf(data);
  const equity = data.equity.map((point) => point.equity);
  const falls = fallsOf(start, equity);
  const rows = evenly(equity.length, 13).map((index) => [
    stamp(data.equity[index]!.at),
    money(equity[index]!),
    ...data.baselines.map((curve) => money(curve.equity[index] ?? null)),
    drawdown(falls[index]!),
  ]);
  const headers = [
    'UTC, bar close',
    'equity',
    ...data.baselines.map((curve) => looks[curve.name].name),
    'drawdown',
  ];
  const panes = [equityPane(data, time, start, equity), drawdownPane(data, time, falls)];
  return chartFrame('equity-chart', time, panes, dataTable(headers, rows));
}

/** What the run began with; while it goes on, its first point is taken, before which nothing can have been traded. */
export function capitalOf(data: ReportData): number {
  return data.document?.equity.start ?? data.equity[0]?.equity ?? 0;
}

function equityPane(data: ReportData, time: TimeAxis, start: number, equity: readonly number[]): Pane {
  const range = extent(equity, [start], ...data.baselines.map((curve) => curve.equity)) ?? {
    low: 0,
    high: 1,
  };
  const far = spreadsFar(range);
  const values = far ? createLogAxis(range, axisLabel) : createValueAxis(range, axisLabel, { ticks: 5 });
  const own = curvePath(equity, data, time, values);
  const lines = data.baselines.map(
    (curve) =>
      html`<path class="line ${looks[curve.name].look}" d="${curvePath(curve.equity, data, time, values)}"/>`,
  );
  const startY = chartY(values.position(start));
  return {
    caption: html`Equity <span>the thin line is the starting capital; ${far ? 'log scale' : 'the scale does not begin at zero'}</span>`,
    title: `Equity from ${money(start)} to ${money(equity.at(-1) ?? start)}`,
    heightPx: 280,
    values,
    drawing: html`<path class="start" d="M0 ${startY}H${chartWidth}"/>${lines}<path class="line own" d="${own}"/>`,
    ends: endLabels(data, start, equity, values),
  };
}

function curvePath(curve: ArrayLike<number>, data: ReportData, time: TimeAxis, values: ValueAxis): string {
  const length = Math.min(curve.length, data.equity.length);
  const points = thinOut(Array.prototype.slice.call(curve, 0, length) as number[]).map((index) => {
    const x = chartX(time.position(data.equity[index]!.at));
    return [x, chartY(values.position(curve[index]!))] as const;
  });
  return linePath(points);
}

/** The run's own figures stand here once they exist, so that chart, headline and table cannot differ. */
function endLabels(
  data: ReportData,
  start: number,
  equity: readonly number[],
  values: ValueAxis,
): readonly EndLabel[] {
  const last = equity.length - 1;
  const change = (value: number | undefined) => (value === undefined ? null : (value / start - 1) * 100);
  const finals = {
    'buy-and-hold': data.document?.baselines.buyAndHold.returnPct,
    'exposure-matched': data.document?.baselines.exposureMatched.returnPct,
  };
  const own = data.document?.metrics.returnPct ?? change(equity[last]);
  return [
    {
      name: 'this desk',
      value: percentChange(own),
      position: values.position(equity[last] ?? start),
      look: 'own',
    },
    ...data.baselines.map((curve) => ({
      name: looks[curve.name].name,
      look: looks[curve.name].look,
      value: percentChange(finals[curve.name] ?? change(curve.equity[last])),
      position: values.position(curve.equity[last] ?? start),
    })),
  ];
}

/** Per cent under the highest point so far, the capital being the first; 0 or above. */
function fallsOf(start: number, equity: readonly number[]): Float64Array {
  let peak = start;
  return Float64Array.from(equity, (value) => {
    peak = Math.max(peak, value);
    return peak > 0 ? ((peak - value) / peak) * 100 : 0;
  });
}

/** Depth of the fall under way at the worst instant, as the run states it once it is over. */
export function worstFall(data: ReportData): number {
  if (data.document !== null) return data.document.metrics.maxDrawdownPct;
  return fallsOf(
    capitalOf(data),
    data.equity.map((point) => point.equity),
  ).reduce((worst, fall) => Math.max(worst, fall), 0);
}

function drawdownPane(data: ReportData, time: TimeAxis, falls: Float64Array): Pane {
  const heights = falls.map((fall) => -fall);
  const range = extent(heights, [0]) ?? { low: -1, high: 0 };
  const values = createValueAxis(
    { low: Math.min(range.low, -0.1), high: 0 },
    (value, step) => `${axisLabel(value, step)} %`,
    { ticks: 3, pinHigh: true },
  );
  const line = curvePath(heights, data, time, values);
  const last = data.equity.at(-1);
  const first = data.equity[0];
  const area =
    first === undefined || last === undefined
      ? ''
      : `${line}L${chartX(time.position(last.at))} 0L${chartX(time.position(first.at))} 0Z`;
  return {
    caption: html`Drawdown <span>how far equity stood below its highest point so far</span>`,
    title: `Drawdown, at worst ${drawdown(worstFall(data))}`,
    heightPx: 104,
    values,
    drawing: html`<path class="fall" d="${area}"/><path class="line thin" d="${line}"/>`,
    overlay: worstLabel(data, time, values, falls),
  };
}

/** The deepest point, with how long it took from the high before it until that high was reached again. */
function worstLabel(data: ReportData, time: TimeAxis, values: ValueAxis, falls: Float64Array): Html {
  let worst = 0;
  for (let index = 1; index < falls.length; index++) if (falls[index]! > falls[worst]!) worst = index;
  if (!(falls[worst]! > 0)) return markup('');
  const begin = falls.lastIndexOf(0, worst);
  const end = falls.indexOf(0, worst);
  const from = data.equity[Math.max(0, begin)]!.at;
  const until = data.equity[end < 0 ? data.equity.length - 1 : end]!.at;
  const length = until > from ? duration(until - from) : absent;
  const position = time.position(data.equity[worst]!.at);
  const side = position > 0.6 ? ' left' : '';
  const still = end < 0 ? ', not recovered' : '';
  return html`<span class="worst${side}" style="left:${leftOf(position)};top:${topOf(values.position(-falls[worst]!))}">${drawdown(worstFall(data))} <i>${length}${still}</i></span>`;
}
