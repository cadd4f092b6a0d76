// What Orrery serves over HTTP.
export type { ReportServer, ReportServerOptions } from './report-server.ts';
export { startReportServer } from './report-server.ts';
