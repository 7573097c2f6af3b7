/** What paired grading showed: items that only one of the two got right. */
export interface DiscordantPairs {
  /** Right with the variant, wrong with the baseline. */
  readonly gained: number
  /** Wrong with the variant, right with the baseline. */
  readonly lost: number
}

/**
 * Two-sided exact p-value of McNemar's test: twice the smaller binomial tail of the discordant pairs at 1/2, at most 1.
 * 1 when no pair differs.
 */
export function mcnemarExact(pairs: DiscordantPairs): number {
  return Math.min(1, 2 * smallerTail(pairs).tail)
}

/**
 * Two-sided mid-p of McNemar's test: the exact one less the chance of what was seen, of a tie less half of it (Fagerland, Lydersen and
 * Laake 2013). Nearer to its nominal size than the exact test, which keeps below it. 1 when no pair differs.
 */
export function mcnemarMidP(pairs: DiscordantPairs): number {
  const { gained, lost } = pairs
  if (gained === lost) return gained === 0 ? 1 : 1 - smallerTail(pairs).last / 2
  const { tail, last } = smallerTail(pairs)
  return Math.min(1, 2 * tail - last)
}

/** P(X <= smaller count) and P(X = smaller count) for X binomial over the discordant pairs at 1/2. */
function smallerTail({ gained, lost }: DiscordantPairs): { readonly tail: number; readonly last: number } {
  const pairs = gained + lost
  const smaller = Math.min(gained, lost)
  let logChoose = 0
  let tail = 0
  let last = 0
  for (let k = 0; k <= smaller; k++) {
    last = Math.exp(logChoose - pairs * Math.LN2)
    tail += last
    logChoose += Math.log(pairs - k) - Math.log(k + 1)
  }
  return { tail, last }
}

/**
 * Discordant pairs of two lists of scores paired by prompt; a score is the share of right answers to that prompt.
 * With several seeds a prompt counts once, for the side with the larger share (the sign test on prompts).
 */
export function discordantPairs(variant: readonly number[], baseline: readonly number[]): DiscordantPairs {
  let gained = 0
  let lost = 0
  for (const [index, score] of variant.entries()) {
    const other = baseline[index]
    if (other === undefined) throw new RangeError(`no baseline score is paired with score ${index}`)
    if (score > other) gained++
    else if (score < other) lost++
  }
  return { gained, lost }
}
