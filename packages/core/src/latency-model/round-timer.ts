import type { RoundBytes, RoundTiming } from '../decoding/target.ts'
import type { ActivationFormat } from '../protocol/frames/activations.ts'
import { HEADER_BYTES } from '../protocol/frames/header.ts'
import { DEFAULT_MAX_ROWS } from '../protocol/frames/limits.ts'
import { verdictBodyBytes } from '../protocol/frames/verdict-body.ts'
import { windowBodyBytes } from '../protocol/frames/window-body.ts'
import { type MovableField, movableField, PURPOSE } from '../random/streams.ts'
import { computeAt } from './compute.ts'
import type { ChainCosts } from './general.ts'
import { isQuiet, type LinkModel, linkAt, noiseBucket, noiseSequence, travelUs } from './network.ts'
import { costRound, roundLoad } from './round-cost.ts'

/** A chain whose rounds are to be costed, and how hidden states travel on it. */
export interface TimedChain extends ChainCosts {
  /** Default `f32`. */
  readonly activations?: ActivationFormat
}

/** What a round asks of the chain once its drafts are there. */
export interface TimedRound {
  readonly rows: number
  readonly forced: number
  /** OPEN section (`openingBytes`) and laws. */
  readonly extraBytes: number
}

/**
 * `costRound` for many rounds over one chain: the same microseconds and bytes, without an object a round; drafting is `DraftClock`'s. What
 * a sweep over recorded passes spends its time in.
 */
export class RoundTimer {
  readonly verdictBytes: number
  /** One pass of the draft model. */
  readonly draftStepMs: number
  readonly #chain: TimedChain
  readonly #links: readonly LinkModel[]
  readonly #noise: MovableField
  /** Travel of links without chance; negative where a link has some. `[nodes + 1]` */
  readonly #quietUs: Float64Array
  /** Bits a microsecond. `[nodes + 1]` */
  readonly #bandwidth: Float64Array
  /** Bytes of a window on each link are `fixed + rows * perRow`. `[nodes]` */
  readonly #fixedBytes: Float64Array
  readonly #rowBytes: Float64Array
  readonly #baseMs: Float64Array
  readonly #perRowMs: Float64Array
  #sequence = 0

  constructor(chain: TimedChain) {
    const { nodes, network, compute, hiddenSize, activations } = chain
    this.#chain = chain
    this.draftStepMs = chain.draftStepMs
    this.verdictBytes = HEADER_BYTES + verdictBodyBytes({ nodes })
    this.#links = Array.from({ length: nodes + 1 }, (_, place) => linkAt(network, place))
    this.#noise = movableField({ seed: network.seed ?? 0, purpose: PURPOSE.LINK })
    this.#quietUs = Float64Array.from(this.#links, (link) => (isQuiet(link) ? Math.round(link.latencyMs * 1000) : -1))
    this.#bandwidth = Float64Array.from(this.#links, ({ bandwidthMbps }) => bandwidthMbps ?? Number.POSITIVE_INFINITY)
    const bytesAt = (node: number, rows: number): number =>
      HEADER_BYTES + windowBodyBytes({ rows, hiddenSize: node === 0 ? 0 : hiddenSize, stages: node, activations })
    this.#fixedBytes = perNode(nodes, (node) => bytesAt(node, 0))
    this.#rowBytes = perNode(nodes, (node) => bytesAt(node, 1) - bytesAt(node, 0))
    this.#baseMs = perNode(nodes, (node) => computeAt(compute, node).baseMs)
    this.#perRowMs = perNode(nodes, (node) => computeAt(compute, node).perRowMs)
  }

  /** From now on rounds are those of the text with this index inside the run, which keys jitter and loss. */
  startText(sequence: number): void {
    this.#sequence = sequence
  }

  /** Bytes of a round on all forward links together. */
  forwardBytes({ rows, forced, extraBytes }: TimedRound): number {
    if (rows <= DEFAULT_MAX_ROWS) return this.windowBytes(rows) + extraBytes * this.#chain.nodes
    let bytes = 0
    for (const window of roundLoad({ rows, forced, draftSteps: 0, extraBytes }).windows) {
      bytes += this.windowBytes(window.rows) + window.extraBytes * this.#chain.nodes
    }
    return bytes
  }

  /** The same for a window that carries nothing but rows. */
  windowBytes(rows: number): number {
    let bytes = 0
    for (let node = 0; node < this.#chain.nodes; node++) bytes += this.#bytes(node, rows)
    return bytes
  }

  /** Microseconds of any round that is sent at `sentUs`, from then to its verdict. */
  us({ rows, forced, extraBytes }: TimedRound, sentUs: number): number {
    if (rows <= DEFAULT_MAX_ROWS) return this.#us(rows, extraBytes, sentUs)
    const load = roundLoad({ rows, forced, draftSteps: 0, extraBytes })
    const { timing } = costRound({ ...this.#chain, load, startMs: sentUs / 1000, sequence: this.#sequence })
    return Math.round(1000 * timing.totalMs)
  }

  /** The same for a window that carries nothing but rows: at most 1024. */
  windowUs(rows: number, sentUs: number): number {
    return this.#us(rows, 0, sentUs)
  }

  #us(rows: number, extraBytes: number, sentUs: number): number {
    const { nodes } = this.#chain
    let atUs = sentUs
    for (let node = 0; node < nodes; node++) {
      atUs +=
        Math.round(((this.#bytes(node, rows) + extraBytes) * 8) / (this.#bandwidth[node] ?? 1)) +
        this.#travel(node, atUs)
      atUs += Math.round(((this.#baseMs[node] ?? 0) + (this.#perRowMs[node] ?? 0) * rows) * 1000)
    }
    atUs += Math.round((this.verdictBytes * 8) / (this.#bandwidth[nodes] ?? 1)) + this.#travel(nodes, atUs)
    return atUs - sentUs
  }

  #bytes(node: number, rows: number): number {
    return (this.#fixedBytes[node] ?? 0) + rows * (this.#rowBytes[node] ?? 0)
  }

  #travel(place: number, sentUs: number): number {
    const quietUs = this.#quietUs[place] ?? 0
    const link = this.#links[place]
    if (quietUs >= 0 || link === undefined) return quietUs
    this.#noise.moveTo(noiseSequence(this.#sequence, place), noiseBucket(sentUs, place))
    return travelUs(link, this.#noise)
  }
}

/** One round in full: where its time went, and its bytes by link. */
export function costOf({
  chain,
  round,
  startMs,
  draftUs,
  sequence,
}: {
  readonly chain: TimedChain
  readonly round: TimedRound & { readonly draftSteps: number }
  readonly startMs: number
  /** Default: the time of all draft steps. */
  readonly draftUs?: number
  readonly sequence: number
}): { readonly timing: RoundTiming; readonly bytes: RoundBytes } {
  return costRound({ ...chain, load: roundLoad(round), startMs, draftUs, sequence })
}

function perNode(nodes: number, valueAt: (node: number) => number): Float64Array {
  return Float64Array.from({ length: nodes }, (_, node) => valueAt(node))
}
