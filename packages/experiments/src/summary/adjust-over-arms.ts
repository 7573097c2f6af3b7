import { relaxesByJudgement } from '../plan/relaxes.ts'
import { holm } from '../statistics/index.ts'
import type { Quality, Variant } from '../store/schema.ts'

/**
 * Adds Holm's adjustment to the comparisons of one task. The family is what an experiment asks about: its variants that relax by judgement.
 * Lossless ones answer as the baseline does, and controls and rules that look at no token are there to fail.
 */
export function adjustOverArms(variants: readonly Variant[], qualities: readonly Quality[]): Quality[] {
  const asked = variants.filter(relaxesByJudgement).map(({ id }) => id)
  const family = qualities.filter(({ variant, versusBaseline }) => versusBaseline !== null && asked.includes(variant))
  const mcnemar = holm(family.map(({ versusBaseline }) => versusBaseline?.mcnemarP ?? 1))
  const exact = family.map(({ versusBaseline }) => versusBaseline?.nonInferiorityP ?? null)
  const known = exact.filter((p) => p !== null)
  const nonInferiority = known.length === exact.length ? holm(known) : undefined
  return qualities.map((quality) => {
    const place = family.indexOf(quality)
    if (place < 0 || quality.versusBaseline === null) return quality
    const adjusted = { mcnemarP: mcnemar[place] ?? 1, nonInferiorityP: nonInferiority?.[place] ?? null }
    return { ...quality, versusBaseline: { ...quality.versusBaseline, holm: adjusted } }
  })
}
