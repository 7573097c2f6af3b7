import { autoWindow, type WindowPolicy } from '@dsd-lab/core'
import { timedChain } from '../plan/conditions.ts'
import type { Pass } from '../plan/pass-of.ts'
import type { Plan } from '../plan/plan.ts'
import type { PlannedVariant } from '../plan/variants.ts'
import { type Interval, speedup } from '../statistics/index.ts'
import type { Condition } from '../store/schema.ts'
import { total } from '../summary/per-prompt.ts'
import type { TextEntry } from './decode/text-entry.ts'
import { entryEvents } from './entry-events.ts'
import { retimeText } from './retime-text.ts'
import { roundsOf } from './traced-text.ts'

export interface ArmProgress {
  readonly arm: string
  readonly done: number
  readonly total: number
  /** Over plain decoding, on the network of the snapshot, from the texts so far; null until there are enough. */
  readonly speedup: Interval | null
}

export interface ProgressSnapshot {
  readonly stage: string
  readonly arms: readonly ArmProgress[]
  /** Texts that the models have decoded, and all that they have to. */
  readonly texts: { readonly done: number; readonly total: number }
  /** Of this process, since its first token; null before. */
  readonly tokensPerSecond: number | null
  /** Network that the speed-ups are for. */
  readonly network: Condition | undefined
  readonly elapsedMs: number
  /** Estimate for the decoding that is left; null until there is one. */
  readonly remainingMs: number | null
}

/** Texts before a speed-up is worth showing. */
const FEWEST_TEXTS = 5
/** Texts before the time left is: the first ones finish while models are still being loaded elsewhere. */
const FEWEST_TIMED = 6

/** Follows a run: texts per arm, the time left, and the speed-up so far. */
export class RunProgress {
  readonly #hiddenSize: number
  readonly #changed: (progress: RunProgress) => void
  readonly #arms: ReadonlyMap<string, Arm>
  readonly #network: Condition | undefined
  /** Texts of all passes. */
  readonly #total: number
  readonly #startMs = performance.now()
  stageName = 'decoding'
  #done = 0
  #fresh = 0
  #tokens = 0
  #firstTokensMs: number | undefined
  #firstTextMs: number | undefined

  constructor(options: {
    readonly plan: Plan
    readonly hiddenSize: number
    /** Number of items by task. */
    readonly items: ReadonlyMap<string, number>
    /** Called after every step; ask for a snapshot when one is wanted. */
    readonly changed: (progress: RunProgress) => void
  }) {
    this.#hiddenSize = options.hiddenSize
    this.#changed = options.changed
    this.#network = options.plan.conditions[Math.floor(options.plan.conditions.length / 2)]
    this.#arms = armsOf(options.plan, options.items)
    this.#total = total(options.plan.passes.map(({ task }) => options.items.get(task) ?? 0))
  }

  /** A text was decoded now, or, when it is not fresh, by an earlier process. */
  textDone(pass: Pass, entry: TextEntry, fresh = true): void {
    if (fresh) {
      this.#fresh++
      this.#firstTextMs ??= performance.now()
    }
    this.#done++
    for (const arm of this.#arms.values()) {
      if (!arm.passes.has(pass.id)) continue
      arm.done++
      const variant = arm.speaks.get(pass.id)
      if (variant !== undefined) this.#time({ arm, variant, pass, entry })
    }
    this.#changed(this)
  }

  /** The models have committed so many more tokens. */
  tokensCommitted(tokens: number): void {
    // What was committed before the clock starts is not counted.
    if (this.#firstTokensMs === undefined) this.#firstTokensMs = performance.now()
    else this.#tokens += tokens
    this.#changed(this)
  }

  stage(name: string): void {
    this.stageName = name
    this.#changed(this)
  }

  snapshot(): ProgressSnapshot {
    const arms = [...this.#arms.values()]
    const nowMs = performance.now()
    const elapsedMs = nowMs - this.#startMs
    return {
      stage: this.stageName,
      arms: arms.map((arm) => ({ arm: arm.name, done: arm.done, total: arm.total, speedup: this.#speedupOf(arm) })),
      texts: { done: this.#done, total: this.#total },
      tokensPerSecond:
        this.#tokens === 0 || this.#firstTokensMs === undefined
          ? null
          : (1000 * this.#tokens) / (nowMs - this.#firstTokensMs),
      network: this.#network,
      elapsedMs,
      remainingMs: this.#remainingMs(nowMs),
    }
  }

  /** By the pace since the first text: what came before it is not repeated. */
  #remainingMs(nowMs: number): number | null {
    if (this.#fresh < FEWEST_TIMED || this.#firstTextMs === undefined) return null
    return ((nowMs - this.#firstTextMs) / (this.#fresh - 1)) * (this.#total - this.#done)
  }

  #time({ arm, variant, pass, entry }: { arm: Arm; variant: PlannedVariant; pass: Pass; entry: TextEntry }): void {
    if (this.#network === undefined) return
    const { item, sequence, promptTokens } = entry
    const { gamma, window, draftAhead = false } = variant.record
    const chosen =
      window === undefined
        ? undefined
        : {
            policy: arm.policy,
            chain: timedChain({ condition: this.#network, hiddenSize: this.#hiddenSize, seed: pass.seed }),
          }
    const rounds = roundsOf(entryEvents({ entry, gamma, rule: variant.rule?.spec ?? null, draftAhead, chosen }))
    const { item: timed } = retimeText({
      text: { session: { type: 'session', version: 1, item, sequence, promptTokens }, rounds },
      condition: this.#network,
      seed: pass.seed,
      hiddenSize: this.#hiddenSize,
    })
    arm.timed.set(`${pass.task}/${item}`, { ms: timed.totalMs, tokens: timed.tokens })
  }

  #speedupOf(arm: Arm): Interval | null {
    const plain = [...this.#arms.values()].find(({ isPlain }) => isPlain)
    if (plain === undefined || arm.isPlain) return null
    const shared = [...arm.timed].flatMap(([item, ours]) => {
      const theirs = plain.timed.get(item)
      return theirs === undefined ? [] : [{ ours, theirs }]
    })
    if (shared.length < FEWEST_TEXTS) return null
    return speedup({
      variant: { ms: shared.map(({ ours }) => ours.ms), tokens: shared.map(({ ours }) => ours.tokens) },
      baseline: { ms: shared.map(({ theirs }) => theirs.ms), tokens: shared.map(({ theirs }) => theirs.tokens) },
      resamples: 200,
    })
  }
}

interface Arm {
  readonly name: string
  readonly isPlain: boolean
  readonly total: number
  /** Texts of each pass that the arm is made from. */
  readonly passes: ReadonlyMap<string, number>
  /** The first variant of the arm speaks for it; by the passes that it is made from. */
  readonly speaks: ReadonlyMap<string, PlannedVariant>
  /** Where its windows are chosen on the way. */
  readonly policy: WindowPolicy
  readonly timed: Map<string, { readonly ms: number; readonly tokens: number }>
  done: number
}

function armsOf({ variants, decodings }: Plan, items: ReadonlyMap<string, number>): Map<string, Arm> {
  const names = [...new Set(variants.map(({ record }) => record.arm))]
  return new Map(
    names.map((name) => {
      const own = variants.filter(({ record }) => record.arm === name)
      const [first] = own
      const made = decodings.filter(({ variant }) => own.some(({ record }) => record.id === variant))
      const passes = new Map(made.map(({ pass = '', task }) => [pass, items.get(task) ?? 0]))
      const speaking = first === undefined ? [] : made.filter(({ variant }) => variant === first.record.id)
      return [
        name,
        {
          name,
          isPlain: first?.record.decode === 'autoregressive',
          total: total([...passes.values()]),
          passes,
          speaks: new Map(speaking.flatMap(({ pass = '' }) => (first === undefined ? [] : [[pass, first]]))),
          policy: autoWindow({ maxGamma: first?.record.gamma ?? 0 }),
          timed: new Map(),
          done: 0,
        },
      ]
    }),
  )
}
