export { buildReport, type Report, type ReportRequest } from './site/build-report.ts'
