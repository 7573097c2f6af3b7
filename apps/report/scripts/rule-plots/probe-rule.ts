import { resolveRule } from '@dsd-lab/acceptance'
import { type Distribution, judgeRun, type RuleSpec, type SequenceNoise, type UniformField } from '@dsd-lab/core'

/** One drafted token, or a window of them, to be judged by the real rule. */
export interface Probe {
  readonly spec: RuleSpec
  readonly temperature: number
  /** Raw logits of the drafted rows. `[gamma, vocab]` */
  readonly rows: readonly (readonly number[])[]
  readonly drafted: readonly number[]
  readonly drafts?: readonly Distribution[]
  /** Position of the first draft. Default 0. */
  readonly position?: number
}

/** Chance, set by hand: the uniform that acceptance draws, and the uniforms behind the target's own choice. */
export interface Chance {
  readonly accept: number
  readonly field: UniformField
}

const EARLY = 2 ** -53
const even: UniformField = { at: () => 0.5 }

/** Whether the draft at `index` is kept when those before it are. */
export function isKept(probe: Probe, { accept, field }: Chance = { accept: 0.5, field: even }, index = 0): boolean {
  const { spec, temperature, rows, drafted, drafts, position = 0 } = probe
  const vocabSize = rows[0]?.length ?? 0
  const noise: SequenceNoise = {
    at: (at) => ({
      target: field,
      residual: field,
      targetGumbel: () => 0,
      residualGumbel: () => 0,
      acceptUniform: () => (at === position + index ? accept : EARLY),
    }),
  }
  const { accepted } = judgeRun({
    rule: resolveRule(spec, { vocabSize, temperature, sequence: 0 }),
    sampling: { temperature },
    logits: Float32Array.from([...rows.flat(), ...(rows[0] ?? [])]),
    vocabSize,
    firstPosition: position,
    drafted,
    drafts,
    noise,
  })
  return accepted > index
}

/** Share of evenly spread uniforms for which a draft is kept. */
export function shareKept(strata: number, keeps: (accept: number, other: number) => boolean): number {
  let kept = 0
  for (let stratum = 0; stratum < strata; stratum++) {
    // The second coordinate steps by the golden ratio, so that both are spread evenly together.
    if (keeps((stratum + 0.5) / strata, (0.5 + stratum * 0.6180339887) % 1)) kept++
  }
  return kept / strata
}
