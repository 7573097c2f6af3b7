import type { EvidenceRun } from '../evidence/evidence-run.ts'
import { compareAccuracy, type GradedCluster, type SpeedSample } from '../statistics/index.ts'
import type { Condition, Variant } from '../store/schema.ts'
import { sumPerPrompt, total } from '../summary/per-prompt.ts'
import { gradedClusters, isGraded, promptsOf } from '../summary/quality.ts'
import { speedSample } from '../summary/speed.ts'

/** One task of a run, by prompt. */
export class TaskSamples {
  readonly run: EvidenceRun
  readonly task: string
  /** Ids, in the order of the task. */
  readonly prompts: readonly string[]

  constructor(run: EvidenceRun, task: string) {
    this.run = run
    this.task = task
    const [first] = run.manifest.variants
    this.prompts = first === undefined ? [] : promptsOf(run.decodingsOf(first.id, task))
  }

  get plain(): Variant | undefined {
    return this.run.manifest.variants.find(({ decode }) => decode === 'autoregressive')
  }

  /** Lossless arms that draft. */
  get strict(): Variant[] {
    return this.run.manifest.variants.filter(({ decode, lossless }) => decode === 'speculative' && lossless)
  }

  /** Arms that relax, controls aside. */
  get relaxed(): Variant[] {
    return this.run.manifest.variants.filter(({ lossless, controls }) => !lossless && controls === undefined)
  }

  controlOf({ id }: Variant): Variant | undefined {
    return this.run.manifest.variants.find(({ controls }) => controls === id)
  }

  /** The strict arm of the same window. */
  strictOf({ gamma }: Variant): Variant | undefined {
    return this.strict.find((strict) => strict.gamma === gamma)
  }

  speed(variant: Variant, condition: Condition): SpeedSample {
    return speedSample(this.run.cellsOf(variant.id, this.task, condition), this.prompts)
  }

  /** Rounds per prompt, seeds added up. `[prompts]` */
  rounds(variant: Variant, condition: Condition): number[] {
    const items = this.run.cellsOf(variant.id, this.task, condition).flatMap((cell) => cell.items)
    return sumPerPrompt({ items, prompts: this.prompts, of: (item) => item.rounds })
  }

  graded(variant: Variant): GradedCluster[] | undefined {
    const decodings = this.run.decodingsOf(variant.id, this.task)
    return isGraded(decodings) ? gradedClusters(decodings, this.prompts) : undefined
  }

  /**
   * Relaxed arms that lose no more than the margin against strict of the same window on the half that chooses: by the estimate, not its
   * interval. None where nothing is graded.
   */
  withinMargin(): Variant[] {
    return this.relaxed.filter((variant) => {
      const strict = this.strictOf(variant)
      const [ours, theirs] = [this.graded(variant), strict === undefined ? undefined : this.graded(strict)]
      if (ours === undefined || theirs === undefined) return false
      const [kept, base] = [added(half(ours, 'choosing')), added(half(theirs, 'choosing'))]
      // In whole numbers: one of 50 items is a margin of 2 points exactly.
      const lost = base.correct * kept.trials - kept.correct * base.trials
      return 100 * lost <= this.run.entry.marginPoints * kept.trials * base.trials
    })
  }

  /** Accuracy against the strict arm of the same window; undefined where nothing is graded. */
  accuracy(variant: Variant): ReturnType<typeof compareAccuracy> | undefined {
    const strict = this.strictOf(variant)
    const [ours, theirs] = [this.graded(variant), strict === undefined ? undefined : this.graded(strict)]
    if (ours === undefined || theirs === undefined) return undefined
    return compareAccuracy({ variant: ours, baseline: theirs, marginPoints: this.run.entry.marginPoints })
  }
}

/** One half of the prompts chooses a setting, the other measures it. */
export type Half = 'choosing' | 'measuring'

/** Of one value a prompt, those of a half: even places choose. */
export function half<Value>(values: readonly Value[], which: Half): Value[] {
  return values.filter((_, place) => place % 2 === (which === 'choosing' ? 0 : 1))
}

function added(clusters: readonly GradedCluster[]): GradedCluster {
  return { correct: total(clusters.map(({ correct }) => correct)), trials: total(clusters.map(({ trials }) => trials)) }
}
