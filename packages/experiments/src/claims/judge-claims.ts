import type { EvidenceRun } from '../evidence/evidence-run.ts'
import type { Manifest } from '../store/schema.ts'
import type { JudgedClaim, JudgedReading } from '../store/schema-claims.ts'
import type { Claim, Reading, TestableClaim } from './claim.ts'
import { TaskSamples } from './samples.ts'

/** Gives the run of an experiment, by its file name; undefined where there is none. */
export type OpenRun = (experiment: string) => Promise<EvidenceRun> | undefined

/**
 * Judges claims from evidence alone; no model runs. What is missing is said, with the command that makes it.
 *
 * @throws DsdError `environment` when evidence is damaged.
 */
export async function judgeClaims(claims: readonly Claim[], openRun: OpenRun): Promise<JudgedClaim[]> {
  const samplesOf = sharedSamples()
  const judged: JudgedClaim[] = []
  for (const claim of claims) {
    const { id, text, source, rule } = claim
    const readings: JudgedReading[] = []
    if ('untestable' in claim) readings.push({ ...NO_RUN, because: claim.untestable, experiment: null, note: null })
    else
      for (const reading of claim.readings) {
        const run = await openRun(reading.experiment)
        readings.push(await judgeReading({ claim, reading, samples: run && samplesOf(run, reading.task) }))
      }
    judged.push({ id, text, source, rule, readings })
  }
  return judged
}

/** Several claims read one task of one run: what they compute of it is computed once. */
function sharedSamples(): (run: EvidenceRun, task: string) => TaskSamples {
  const known = new Map<string, TaskSamples>()
  return (run, task) => {
    const key = `${run.entry.runId}/${task}`
    const samples = known.get(key) ?? new TaskSamples(run, task)
    known.set(key, samples)
    return samples
  }
}

const NO_RUN: Omit<JudgedReading, 'because' | 'experiment' | 'note'> = {
  verdict: 'not testable here',
  measured: null,
  conditions: '',
  beside: [],
  runId: null,
  pair: null,
}

async function judgeReading({
  claim,
  reading,
  samples,
}: {
  readonly claim: TestableClaim
  readonly reading: Reading
  readonly samples: TaskSamples | undefined
}): Promise<JudgedReading> {
  const { experiment, task, note = null } = reading
  if (samples === undefined) {
    const make = `exp run ${experiment}, then exp evidence add ${experiment.replace(/\.ts$/, '')}`
    return { ...NO_RUN, conditions: task, because: `no evidence yet: ${make}`, experiment, note }
  }
  const { run } = samples
  const { runId } = run.entry
  const known = { experiment, runId, pair: pairOf(run.manifest), note }
  const tested = run.manifest.tasks.find(({ name }) => name === task)
  if (tested === undefined) return { ...NO_RUN, ...known, conditions: task, because: `the run has no task ${task}` }
  if (tested.items < 2) return { ...NO_RUN, ...known, conditions: task, because: 'one item has no interval' }
  return { ...(await claim.judge(samples)), ...known }
}

function pairOf({ models }: Manifest): string {
  const drafter = models.draft?.ref ?? models.drafter
  return drafter === undefined ? models.target.ref : `${models.target.ref} drafted by ${drafter}`
}
