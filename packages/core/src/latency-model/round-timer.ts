import type { RoundBytes, RoundTiming } from '../decoding/target.ts'
import type { ActivationFormat } from '../protocol/frames/activations.ts'
import { HEADER_BYTES } from '../protocol/frames/header.ts'
import { DEFAULT_MAX_ROWS } from '../protocol/frames/limits.ts'
import { verdictBodyBytes } from '../protocol/frames/verdict-body.ts'
import { windowBodyBytes } from '../protocol/frames/window-body.ts'
import { type MovableField, movableField, PURPOSE } from '../random/streams.ts'
import { computeUs } from './compute.ts'
import type { ChainCosts } from './general.ts'
import { isQuiet, type LinkModel, linkAt, noiseBucket, noiseSequence, travelUs } from './network.ts'
import { costRound, roundLoad } from './round-cost.ts'

/** A chain whose rounds are to be costed, and how hidden states travel on it. */
export interface TimedChain extends ChainCosts {
  /** Default `f32`. */
  readonly activations?: ActivationFormat
}

export interface OpeningRound {
  readonly rows: number
  readonly forced: number
  readonly draftSteps: number
  /** OPEN section and its length (`openingBytes`). */
  readonly extraBytes: number
}

/** Rows of the widest window that is looked up; wider ones are computed. */
const TABLE_ROWS = 65

/**
 * `costRound` for many rounds over one chain: the same microseconds, from tables by rows, without an object a round. What a sweep
 * over recorded passes spends its time in.
 */
export class RoundTimer {
  readonly verdictBytes: number
  readonly #chain: TimedChain
  readonly #links: readonly LinkModel[]
  readonly #noise: MovableField
  /** Every round takes the same as any other of its size. */
  readonly #isQuiet: boolean
  /** Time on the wire, by link and rows. `[nodes + 1, TABLE_ROWS]` */
  readonly #wireUs: Float64Array
  /** `[nodes, TABLE_ROWS]` */
  readonly #computeUs: Float64Array
  /** Travel of links without chance. `[nodes + 1]` */
  readonly #travelUs: Float64Array
  /** Whole rounds without drafting, on links without chance. `[TABLE_ROWS]` */
  readonly #quietUs: Float64Array
  readonly #forwardBytes: Float64Array

  constructor(chain: TimedChain) {
    const { nodes, network } = chain
    this.#chain = chain
    this.verdictBytes = HEADER_BYTES + verdictBodyBytes({ nodes })
    this.#links = Array.from({ length: nodes + 1 }, (_, place) => linkAt(network, place))
    this.#isQuiet = this.#links.every(isQuiet)
    this.#noise = movableField({ seed: network.seed ?? 0, purpose: PURPOSE.LINK })
    this.#wireUs = tableOf(nodes + 1, (place, rows) => this.#wire(place, rows, 0))
    this.#computeUs = tableOf(nodes, (node, rows) => computeUs(chain.compute, node, rows))
    this.#travelUs = Float64Array.from(this.#links, ({ latencyMs }) => Math.round(latencyMs * 1000))
    this.#forwardBytes = tableOf(1, (_, rows) => this.#forward(rows, 0))
    this.#quietUs = tableOf(1, (_, rows) => {
      let us = 0
      for (let place = 0; place <= nodes; place++) {
        us += (this.#wireUs[place * TABLE_ROWS + rows] ?? 0) + (this.#travelUs[place] ?? 0)
        if (place < nodes) us += this.#computeUs[place * TABLE_ROWS + rows] ?? 0
      }
      return us
    })
  }

  /** Bytes on all forward links of a round of so many rows, at most 64, the first round of a text apart. */
  forwardBytes(rows: number): number {
    return rows < TABLE_ROWS ? (this.#forwardBytes[rows] ?? 0) : this.#forward(rows, 0)
  }

  /** Bytes on all forward links of the first round. */
  openingForwardBytes(opening: OpeningRound): number {
    return roundLoad(opening).windows.reduce((sum, { rows, extraBytes }) => sum + this.#forward(rows, extraBytes), 0)
  }

  draftUs(draftSteps: number): number {
    return Math.round(draftSteps * this.#chain.draftStepMs * 1000)
  }

  /**
   * A round that begins to draft at `startUs`, a draft step for each row but the first.
   * @param sequence index of the text; keys jitter and loss
   */
  roundUs(rows: number, startUs: number, sequence: number): number {
    const draftUs = this.draftUs(rows - 1)
    if (rows >= TABLE_ROWS)
      return this.#wide({ rows, forced: 0, draftSteps: rows - 1, extraBytes: 0 }, startUs, sequence)
    if (this.#isQuiet) return draftUs + (this.#quietUs[rows] ?? 0)
    const { nodes } = this.#chain
    let atUs = startUs + draftUs
    for (let place = 0; place < nodes; place++) {
      atUs = this.#passedUs(place, rows, atUs, sequence) + (this.#computeUs[place * TABLE_ROWS + rows] ?? 0)
    }
    return this.#returnedUs(atUs, sequence) - startUs
  }

  /** The first round of a text, which carries the prompt; from time 0. */
  openingUs(opening: OpeningRound, sequence: number): number {
    return this.#wide(opening, 0, sequence)
  }

  #wide(opening: OpeningRound, startUs: number, sequence: number): number {
    const { timing } = costOf({ chain: this.#chain, round: opening, startMs: startUs / 1000, sequence })
    return Math.round(1000 * timing.totalMs)
  }

  #passedUs(place: number, rows: number, sentUs: number, sequence: number): number {
    return sentUs + (this.#wireUs[place * TABLE_ROWS + rows] ?? 0) + this.#travel(place, sentUs, sequence)
  }

  #returnedUs(sentUs: number, sequence: number): number {
    const place = this.#chain.nodes
    return sentUs + (this.#wireUs[place * TABLE_ROWS + 1] ?? 0) + this.#travel(place, sentUs, sequence)
  }

  #travel(place: number, sentUs: number, sequence: number): number {
    const link = this.#links[place]
    if (link === undefined || isQuiet(link)) return this.#travelUs[place] ?? 0
    this.#noise.moveTo(noiseSequence(sequence, place), noiseBucket(sentUs))
    return travelUs(link, this.#noise)
  }

  #wire(place: number, rows: number, extraBytes: number): number {
    const { nodes } = this.#chain
    const bytes = place === nodes ? this.verdictBytes : this.#windowBytes(place, rows, extraBytes)
    const { bandwidthMbps = Number.POSITIVE_INFINITY } = this.#links[place] ?? {}
    return Math.round((bytes * 8) / bandwidthMbps)
  }

  #forward(rows: number, extraBytes: number): number {
    let bytes = 0
    for (let place = 0; place < this.#chain.nodes; place++) bytes += this.#windowBytes(place, rows, extraBytes)
    return bytes
  }

  #windowBytes(place: number, rows: number, extraBytes: number): number {
    const { hiddenSize, activations } = this.#chain
    const width = { hiddenSize: place === 0 ? 0 : hiddenSize, stages: place, activations }
    return HEADER_BYTES + windowBodyBytes({ rows, extraBytes, ...width })
  }
}

/** One round in full: where its time went, and its bytes by link. */
export function costOf({
  chain,
  round,
  startMs,
  sequence,
}: {
  readonly chain: TimedChain
  readonly round: OpeningRound
  readonly startMs: number
  readonly sequence: number
}): { readonly timing: RoundTiming; readonly bytes: RoundBytes } {
  return costRound({ ...chain, load: roundLoad({ ...round, maxRows: DEFAULT_MAX_ROWS }), startMs, sequence })
}

function tableOf(lines: number, valueAt: (line: number, rows: number) => number): Float64Array {
  return Float64Array.from({ length: lines * TABLE_ROWS }, (_, at) =>
    valueAt(Math.floor(at / TABLE_ROWS), at % TABLE_ROWS),
  )
}
