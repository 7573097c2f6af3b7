import { DsdError } from '../errors.ts'
import { philox4x32 } from './philox.ts'

/**
 * What a draw is for; the last word of the counter, so that two uses never share a draw. Only `TARGET_GUMBEL` is read
 * by two parties on purpose: the tail, and a coupled drafter.
 */
export const PURPOSE = {
  TARGET_GUMBEL: 1,
  DRAFT: 2,
  ACCEPT: 3,
  RESIDUAL: 4,
  LINK: 5,
  FAULT: 6,
  WORKLOAD: 7,
  PROBE: 8,
} as const
export type Purpose = (typeof PURPOSE)[keyof typeof PURPOSE]

export interface StreamKey {
  /** Non-negative safe integer. */
  readonly seed: number
  readonly purpose: Purpose
  /** Index of the sequence inside the run. u32 */
  readonly sequence: number
  /** Absolute position that the token will occupy, never an index in a window. u32 */
  readonly position: number
}

/** Independent uniforms of one stream, one per index (token id, child rank or counter). Drawing twice gives the same value. */
export interface UniformField {
  /** Uniform in (0, 1). `index` is a u32. */
  at(index: number): number
}

/**
 * The uniforms of one stream: Philox keyed by the seed at counter (index, position, sequence, purpose), 52 bits a draw.
 * One block holds the draws of two neighbouring indices and is kept, so walking ids upwards costs half a block each.
 * @throws DsdError (`bad-input`) when the seed is not a non-negative safe integer.
 */
export function uniformField(key: StreamKey): UniformField {
  return keyedField(key)
}

function keyedField({ seed, purpose, sequence, position }: StreamKey): PhiloxField {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new DsdError(`${seed} is not a seed`, {
      kind: 'bad-input',
      where: 'seed',
      fix: `give an integer from 0 to ${Number.MAX_SAFE_INTEGER}`,
    })
  }
  return new PhiloxField({ seed, purpose, sequence, position })
}

/** Walks over the streams of one purpose without making an object for each. */
export interface MovableField extends UniformField {
  /** From now on draws are those of this sequence and position. Both u32. */
  moveTo(sequence: number, position: number): void
}

/** The same uniforms as `uniformField`, for loops over many streams. Throws as it does. */
export function movableField({ seed, purpose }: Pick<StreamKey, 'seed' | 'purpose'>): MovableField {
  return keyedField({ seed, purpose, sequence: 0, position: 0 })
}

/** One draw of a stream: (52 bits + 1/2) * 2^-52, in (0, 1) and symmetric about 1/2. */
export function uniform53({ index, ...key }: StreamKey & { readonly index: number }): number {
  return uniformField(key).at(index)
}

/** One standard Gumbel draw of a stream, -ln(-ln(1 - u)). */
export function gumbel(draw: StreamKey & { readonly index: number }): number {
  return gumbelOf(uniform53(draw))
}

/** Exponential of rate 1 from a uniform: log1p keeps every bit of a small u, and 1 - u is exact for a large one. */
export function exponentialOf(uniform: number): number {
  return -Math.log1p(-uniform)
}

/** Standard Gumbel from a uniform. */
export function gumbelOf(uniform: number): number {
  return -Math.log(exponentialOf(uniform))
}

const TWO_20 = 2 ** 20
const TWO_32 = 2 ** 32
const TWO_MINUS_52 = 2 ** -52

/** Read out before the next block is drawn, so all fields can share it. */
const words = new Uint32Array(4)

class PhiloxField implements MovableField {
  readonly #input: { counter: [number, number, number, number]; key: readonly [number, number] }
  #pair = -1
  #even = 0
  #odd = 0

  constructor({ seed, purpose, sequence, position }: StreamKey) {
    this.#input = { counter: [0, position, sequence, purpose], key: [seed >>> 0, Math.floor(seed / TWO_32)] }
  }

  moveTo(sequence: number, position: number): void {
    this.#input.counter[1] = position
    this.#input.counter[2] = sequence
    this.#pair = -1
  }

  at(index: number): number {
    const pair = index >>> 1
    if (pair !== this.#pair) this.#draw(pair)
    return (index & 1) === 0 ? this.#even : this.#odd
  }

  #draw(pair: number): void {
    this.#input.counter[0] = pair
    philox4x32(this.#input, words)
    this.#even = uniformOf(words[0] ?? 0, words[1] ?? 0)
    this.#odd = uniformOf(words[2] ?? 0, words[3] ?? 0)
    this.#pair = pair
  }
}

function uniformOf(high: number, low: number): number {
  return (high * TWO_20 + (low >>> 12) + 0.5) * TWO_MINUS_52
}
