import type { EvidenceFolder } from '../evidence/evidence-folder.ts'
import { EvidenceRun } from '../evidence/evidence-run.ts'
import type { Manifest } from '../store/schema.ts'
import type { Claim, Finding, Reading } from './claim.ts'

/** A finding with the run that it rests on. */
export interface JudgedReading extends Finding {
  /** Null where nothing can be read for the claim. */
  readonly experiment: string | null
  readonly runId: string | null
  /** `qwen2.5-coder-1.5b drafted by qwen2.5-coder-0.5b`; null without a run. */
  readonly pair: string | null
  readonly note: string | null
}

export interface JudgedClaim {
  readonly id: string
  readonly text: string
  readonly source: string
  readonly rule: string
  readonly readings: readonly JudgedReading[]
}

/**
 * Judges claims from evidence alone; no model runs. What is missing is said, with the command that makes it.
 *
 * @throws DsdError `environment` when evidence is damaged.
 */
export async function judgeClaims(claims: readonly Claim[], evidence: EvidenceFolder): Promise<JudgedClaim[]> {
  const runs = new Map<string, EvidenceRun>()
  for (const entry of evidence.index.runs) runs.set(entry.experiment, await EvidenceRun.open(evidence, entry))
  const judged: JudgedClaim[] = []
  for (const claim of claims) {
    const readings: JudgedReading[] = []
    for (const reading of claim.readings)
      readings.push(await judgeReading(claim, reading, runs.get(reading.experiment)))
    if (claim.untestable !== undefined)
      readings.push({ ...NO_RUN, because: claim.untestable, experiment: null, note: null })
    const { id, text, source, rule } = claim
    judged.push({ id, text, source, rule, readings })
  }
  return judged
}

const NO_RUN = {
  verdict: 'not testable here',
  measured: null,
  conditions: '',
  beside: [],
  runId: null,
  pair: null,
} as const

async function judgeReading(claim: Claim, reading: Reading, run: EvidenceRun | undefined): Promise<JudgedReading> {
  const { experiment, task, note = null } = reading
  if (run === undefined) {
    const make = `exp run ${experiment}, then exp evidence add ${experiment.replace(/\.ts$/, '')}`
    return { ...NO_RUN, conditions: task, because: `no evidence yet: ${make}`, experiment, note }
  }
  const { runId } = run.entry
  const known = { experiment, runId, pair: pairOf(run.manifest), note }
  if (!run.manifest.tasks.some(({ name }) => name === task)) {
    return { ...NO_RUN, ...known, conditions: task, because: `the run has no task ${task}` }
  }
  return { ...(await claim.judge(run, reading)), ...known }
}

function pairOf({ models }: Manifest): string {
  const drafter = models.draft?.ref ?? models.drafter
  return drafter === undefined ? models.target.ref : `${models.target.ref} drafted by ${drafter}`
}
