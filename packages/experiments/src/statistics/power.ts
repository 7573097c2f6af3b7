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

/**
 * The smallest margin, percentage points, that so many prompts can be expected to show non-inferiority at:
 * `(z_size + z_power) sqrt(discordance / prompts)`, for arms that are equally good (Connett, Smith and McHugh 1987 at no difference), and never
 * below what prompts without any difference would show, `1 - size^(1 / prompts)`.
 */
export function showableMarginPoints({ prompts, ...foresight }: Foresight & { readonly prompts: number }): number {
  const { size = 0.025 } = foresight
  const spread = reach(foresight) * Math.sqrt(foresight.discordance / prompts)
  return 100 * Math.max(spread, 1 - size ** (1 / prompts))
}

/** The fewest prompts that can be expected to show non-inferiority at a margin, percentage points. */
export function promptsForMargin({
  marginPoints,
  ...foresight
}: Foresight & { readonly marginPoints: number }): number {
  const { size = 0.025, discordance } = foresight
  const margin = marginPoints / 100
  return Math.ceil(Math.max(discordance * (reach(foresight) / margin) ** 2, Math.log(size) / Math.log(1 - margin)))
}

function reach({ power = 0.8, size = 0.025 }: Foresight): number {
  return normalQuantile(1 - size) + normalQuantile(power)
}
