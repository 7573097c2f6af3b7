import type { EvidenceRun } from '../evidence/evidence-run.ts'
import { relaxes } from '../plan/relaxes.ts'
import { type AccuracyComparison, compareAccuracy, type GradedCluster, type SpeedSample } from '../statistics/index.ts'
import type { Condition, Variant } from '../store/schema.ts'
import { sumPerPrompt, total } from '../summary/per-prompt.ts'
import { gradedClusters, isGraded, promptsOf, relaxedShare } from '../summary/quality.ts'
import { speedSample } from '../summary/speed.ts'
import type { Compared } from './compared.ts'

/** One task of a run, by prompt. */
export class TaskSamples {
  readonly run: EvidenceRun
  readonly task: string
  /** Ids, in the order of the task. */
  readonly prompts: readonly string[]
  /** By variant: the exact test takes a while. */
  readonly #accuracy = new Map<string, AccuracyComparison | undefined>()

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
    return this.run.manifest.variants.filter(relaxes)
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

  /** Share of the mismatches that an arm keeps; undefined where it met none. */
  relaxedShare(variant: Variant): number | undefined {
    return relaxedShare(this.run.decodingsOf(variant.id, this.task).flatMap((decoding) => decoding.items))
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
      const pair = this.#gradedPair(variant)
      if (pair === undefined) return false
      const [kept, base] = [added(half(pair.variant, 'choosing')), added(half(pair.baseline, 'choosing'))]
      // In whole numbers: one of 50 items is a margin of 2 points exactly.
      const lost = base.correct * kept.trials - kept.correct * base.trials
      return 100 * lost <= this.run.entry.marginPoints * kept.trials * base.trials
    })
  }

  /** Relaxed arms whose answers are graded, controls aside. */
  get compared(): Compared[] {
    return this.relaxed.flatMap((variant) => {
      const accuracy = this.accuracy(variant)
      return accuracy === undefined ? [] : [{ variant, accuracy }]
    })
  }

  /** Accuracy against the strict arm of the same window; undefined where nothing is graded. */
  accuracy(variant: Variant): AccuracyComparison | undefined {
    if (!this.#accuracy.has(variant.id)) this.#accuracy.set(variant.id, this.#compare(variant))
    return this.#accuracy.get(variant.id)
  }

  #compare(variant: Variant): AccuracyComparison | undefined {
    const pair = this.#gradedPair(variant)
    return pair === undefined ? undefined : compareAccuracy({ ...pair, marginPoints: this.run.entry.marginPoints })
  }

  #gradedPair(variant: Variant): { readonly variant: GradedCluster[]; readonly baseline: GradedCluster[] } | undefined {
    const strict = this.strictOf(variant)
    const [ours, theirs] = [this.graded(variant), strict === undefined ? undefined : this.graded(strict)]
    return ours === undefined || theirs === undefined ? undefined : { variant: ours, baseline: theirs }
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
