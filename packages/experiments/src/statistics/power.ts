import { restrictedSpread } from './exact-non-inferiority.ts'
import { normalQuantile } from './normal.ts'

/** How sure a non-inferiority test is to be, before anything was run. */
export interface Foresight {
  /** Share of prompts that only one of two equally good arms gets right, in (0, 1]. */
  readonly discordance: number
  /** Chance that equally good arms are shown not inferior, in (0, 1). Default 0.8. */
  readonly power?: number
  /** One-sided size of the test, in (0, 0.5). Default 0.025. */
  readonly size?: number
}

/** What relaxed acceptance at a moderate tau was measured to do to graded answers: about one in ten changes its verdict. */
export const USUAL_DISCORDANCE = 0.1

/** The smallest margin, percentage points, that so many prompts can be expected to show non-inferiority at. See `promptsForMargin`. */
export function showableMarginPoints({ prompts, ...foresight }: Foresight & { readonly prompts: number }): number {
  let [from, to] = [0, 1]
  while (to - from > 1e-9) {
    const margin = (from + to) / 2
    if (promptsNeeded(margin, foresight) > prompts) from = margin
    else to = margin
  }
  return 100 * to
}

/**
 * The fewest prompts that can be expected to show non-inferiority at a margin, percentage points, for arms that are equally good: the
 * score test (Tango 1998) divides by the standard error s0 under "worse by the margin", which is larger than the one s that the prompts will
 * have, so it takes `((z_size s0 + z_power s) / margin)^2` (Lachenbruch and Lynch 1998). Never below what prompts without any difference
 * would show, `log(size) / log(1 - margin)`.
 */
export function promptsForMargin({
  marginPoints,
  ...foresight
}: Foresight & { readonly marginPoints: number }): number {
  return Math.ceil(promptsNeeded(marginPoints / 100, foresight))
}

function promptsNeeded(margin: number, { discordance, power = 0.8, size = 0.025 }: Foresight): number {
  const underMargin = restrictedSpread({ prompts: 1, gained: discordance / 2, lost: discordance / 2 }, margin)
  const reach = normalQuantile(1 - size) * underMargin + normalQuantile(power) * Math.sqrt(discordance)
  return Math.max((reach / margin) ** 2, Math.log(size) / Math.log(1 - margin))
}
