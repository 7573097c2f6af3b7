import type { Condition, Manifest, Variant } from '@dsd-lab/experiments/schema'

type Declared = Pick<Manifest, 'variants' | 'conditions'>

const middle = <Value>(values: readonly Value[]): Value | undefined => values[Math.floor((values.length - 1) / 2)]

/** The value that occurs most, the first of them on a tie. */
function commonest(values: readonly number[]): number | undefined {
  const times = (value: number): number => values.filter((other) => other === value).length
  return values.toSorted((a, b) => times(b) - times(a))[0]
}

/**
 * One variant an arm, for figures that compare arms: the window that most variants share, the middle of any other sweep, and a
 * control together with the variant it controls.
 */
export function representatives({ variants }: Declared): Variant[] {
  const gamma = commonest(
    variants.filter((variant) => variant.decode === 'speculative').map((variant) => variant.gamma),
  )
  const arms = [...new Set(variants.map((variant) => variant.arm))]
  const chosen = new Map<string, Variant>()
  for (const arm of arms) {
    const ofArm = variants.filter((variant) => variant.arm === arm)
    const sameWindow = ofArm.filter((variant) => variant.gamma === gamma)
    const pick = middle(sameWindow.length > 0 ? sameWindow : ofArm)
    if (pick !== undefined) chosen.set(arm, pick)
  }
  const ids = new Set([...chosen.values()].map((variant) => variant.id))
  for (const [arm, pick] of chosen) {
    const control = variants.find(
      (variant) => variant.arm === arm && variant.controls !== undefined && ids.has(variant.controls),
    )
    chosen.set(arm, control ?? pick)
  }
  return [...chosen.values()]
}

const distinct = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b)

/** The network in the middle of the sweep: by nodes, then by link latency. Undefined for a run without conditions. */
export function middleCondition({ conditions }: Declared): Condition | undefined {
  const nodes = middle(distinct(conditions.map((condition) => condition.nodes)))
  const ofNodes = conditions.filter((condition) => condition.nodes === nodes)
  return middle(ofNodes.toSorted((a, b) => a.link.latencyMs - b.link.latencyMs))
}
