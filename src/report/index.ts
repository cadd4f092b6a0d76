// The report of a run as one HTML file.

export type { RenderReportOptions } from './render-report.ts';
export { renderReport } from './render-report.ts';
export type { BaselineCurve, ReportData, ReportDecision, ReportProgress } from './report-data.ts';
