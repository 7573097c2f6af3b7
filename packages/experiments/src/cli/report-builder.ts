import { dirname } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { isRecord } from '../dsl/sweep.ts'
import type { JudgedClaim } from '../store/schema-claims.ts'
import { codeOf } from '../store/storage-error.ts'

export interface ReportRequest {
  /** Run folders. */
  readonly runs: readonly string[]
  readonly outDir: string
  /** Draws the page of claims too. Default: none. */
  readonly claims?: readonly JudgedClaim[]
  /** Draws runs by the notebooks that their folders hold: code of whoever made the folders. Default false. */
  readonly notebooks?: boolean
}

/** The report is drawn by a package above this one, so it is found by name when it is asked for. */
const REPORT_PACKAGE = '@dsd-lab/report'

export interface BuiltReport {
  /** Path of the overview. */
  readonly index: string
  /** Paths of the pages, one for each finished run. */
  readonly pages: readonly string[]
  /** One line for each notebook that was not used: which, and how to use it. */
  readonly notes: readonly string[]
}

/**
 * Builds the report of some runs.
 *
 * @throws DsdError `environment` when the report package is not installed here.
 */
export async function buildReport(request: ReportRequest): Promise<BuiltReport> {
  const built: unknown = await (await findBuilder())(request)
  if (isRecord(built) && typeof built.index === 'string') {
    return { index: built.index, pages: strings(built.pages), notes: strings(built.leftOut).map(leftOutNote) }
  }
  throw new DsdError('did not say where the report is', { kind: 'environment', where: REPORT_PACKAGE })
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}

function leftOutNote(notebook: string): string {
  return `${notebook} was left out: it is code of whoever made the folder; where you trust it, \`exp report ${dirname(notebook)} --notebooks\` draws by it`
}

export async function isReportAvailable(): Promise<boolean> {
  return findBuilder().then(
    () => true,
    () => false,
  )
}

async function findBuilder(): Promise<(request: ReportRequest) => Promise<unknown>> {
  const missing = (cause: unknown): DsdError =>
    new DsdError(`${REPORT_PACKAGE} is not installed`, {
      kind: 'environment',
      fix: 'run exp from a clone of the repository, or add the package',
      cause,
    })
  let module: unknown
  try {
    module = await import(REPORT_PACKAGE)
  } catch (error) {
    if (codeOf(error) === 'ERR_MODULE_NOT_FOUND') throw missing(error)
    throw error
  }
  const builder = isRecord(module) ? module.buildReport : undefined
  if (typeof builder !== 'function') throw missing(undefined)
  return async (request) => builder(request)
}
