import { philox4x32 } from '@dsd-lab/core'

/** What a draw depends on, and nothing else: the same four values give the same item on every machine. */
export interface DrawKey {
  readonly task: string
  readonly split: string
  readonly seed: number
  readonly index: number
}

/** A finite-state source of choices for one item. */
export interface Draws {
  /** A uniform integer in `[low, high]`, both ends included. */
  int(low: number, high: number): number
  /** True with the given probability. */
  chance(probability: number): boolean
  /** One element, all equally likely. */
  pick<T>(list: readonly T[]): T
  /** `count` different elements, in random order. */
  sample<T>(list: readonly T[], count: number): T[]
}

/** Choices for one item, from Philox4x32-10 keyed by task, split and seed, with the index in the counter. */
export function drawsFor(key: DrawKey): Draws {
  const lane = fnv1a(`${key.task}/${key.split}`)
  const block = new Uint32Array(4)
  let blocks = 0
  let used = 4
  const next = (): number => {
    if (used === 4) {
      philox4x32({ counter: [key.index >>> 0, blocks++, 0, 0], key: [key.seed >>> 0, lane] }, block)
      used = 0
    }
    return block[used++] ?? 0
  }
  const int = (low: number, high: number): number => low + Math.floor((next() / 0x1_0000_0000) * (high - low + 1))
  const pick = <T>(list: readonly T[]): T => {
    const chosen = list[int(0, list.length - 1)]
    if (chosen === undefined) throw new RangeError('cannot pick from an empty list')
    return chosen
  }
  return {
    int,
    pick,
    chance: (probability) => next() / 0x1_0000_0000 < probability,
    sample: (list, count) => {
      const rest = [...list]
      return Array.from({ length: Math.min(count, rest.length) }, () => {
        const chosen = pick(rest)
        rest.splice(rest.indexOf(chosen), 1)
        return chosen
      })
    },
  }
}

/** 32-bit FNV-1a of the UTF-16 code units: names a lane, guards nothing. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
