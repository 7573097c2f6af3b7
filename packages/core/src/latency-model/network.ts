import { PURPOSE, type UniformField, uniformField } from '../random/streams.ts'

/** One link, as declared. */
export interface LinkModel {
  /** One way, ms. >= 0 */
  readonly latencyMs: number
  /** Largest deviation from `latencyMs` to either side, ms. In [0, latencyMs], default 0. */
  readonly jitterMs?: number
  /** Serialisation rate, 10^6 bit/s. > 0, default: no limit. */
  readonly bandwidthMbps?: number
  /** Chance that sending a frame fails once and costs a retransmission timeout. In [0, 0.5], default 0. */
  readonly loss?: number
}

/** All links of a chain. */
export interface NetworkModel {
  /** One for all, or coordinator to head, head to next, ..., and last the return link from tail to coordinator. `[nodes + 1]` */
  readonly links: LinkModel | readonly LinkModel[]
  /** Seed of jitter and loss. Default 0. */
  readonly seed?: number
}

/** Frames sent within one bucket of time meet the same noise, so arms that send different frames share the weather. */
export const NOISE_BUCKET_MS = 10
/** Floor of Linux's retransmission timeout above the round trip, ms. */
const MIN_TIMEOUT_MS = 200
const MAX_RETRANSMISSIONS = 6
/** Links that the sequence of the noise tells apart; farther ones are told apart by its position. */
const LINKS_PER_TEXT = 256
/** Positions between the noise of a link and that of the link 256 places on: 124 days. */
const BUCKETS_APART = 2 ** 30

/** Links that take no time: every frame arrives when it is sent. */
export const instantNetwork: NetworkModel = { links: { latencyMs: 0 } }

/** The link at a place, 0 to `nodes`. Behind the end of a list: its last, the return link. */
export function linkAt({ links }: NetworkModel, place: number): LinkModel {
  if ('latencyMs' in links) return links
  return links[place] ?? links.at(-1) ?? { latencyMs: 0 }
}

/** The state of a link between two frames; `idleLink` before the first. Microseconds. */
export interface LinkState {
  /** The wire is free from then on. */
  readonly freeUs: number
  /** The newest arrival: no frame overtakes another. */
  readonly arrivedUs: number
}

export const idleLink: LinkState = { freeUs: 0, arrivedUs: 0 }

export interface Passage {
  readonly network: NetworkModel
  /** Place of the link: 0 is coordinator to head, `nodes` the return link. In [0, 1023] */
  readonly place: number
  /** Index of the text inside the run; keys the noise, so that texts meet different weather. Default 0. */
  readonly sequence?: number
  readonly payloadBytes: number
  /** When the frame is sent, since the session opened. */
  readonly sentUs: number
  readonly state: LinkState
}

/**
 * When a frame arrives: it waits for the wire, is serialised at the bandwidth, then travels for
 * `latencyMs + jitterMs * (2u - 1)` and, with chance `loss` per attempt, first for the retransmission timeout of RFC 6298
 * with Linux's floor, `2 latencyMs + max(200, 4 jitterMs)`, doubled on every repeat. Draws: Philox, purpose LINK, by
 * (text, link, time bucket). Whole microseconds.
 */
export function passLink({ network, place, sequence = 0, payloadBytes, sentUs, state }: Passage): LinkState {
  const link = linkAt(network, place)
  const { bandwidthMbps = Number.POSITIVE_INFINITY } = link
  const freeUs = Math.max(sentUs, state.freeUs) + Math.round((payloadBytes * 8) / bandwidthMbps)
  const key = { sequence: noiseSequence(sequence, place), position: noiseBucket(sentUs, place) }
  const noise = isQuiet(link) ? quiet : uniformField({ seed: network.seed ?? 0, purpose: PURPOSE.LINK, ...key })
  const arrivedUs = Math.max(state.arrivedUs, freeUs + travelUs(link, noise))
  return { freeUs, arrivedUs }
}

/** Sequence of the noise of one link of one text. u32 */
export function noiseSequence(sequence: number, place: number): number {
  return (sequence * LINKS_PER_TEXT + (place % LINKS_PER_TEXT)) >>> 0
}

/** Position of the noise of a frame sent over that link at that time. u32 */
export function noiseBucket(sentUs: number, place: number): number {
  return Math.floor(sentUs / (1000 * NOISE_BUCKET_MS)) + Math.floor(place / LINKS_PER_TEXT) * BUCKETS_APART
}

/** Whether a link always takes the same time. */
export function isQuiet({ jitterMs = 0, loss = 0 }: LinkModel): boolean {
  return jitterMs === 0 && loss === 0
}

const quiet: UniformField = { at: () => 0.5 }

/** Time on the way, behind the wire, whole microseconds. `noise`: the uniforms of (text, link, bucket). */
export function travelUs(link: LinkModel, noise: UniformField): number {
  const { latencyMs, jitterMs = 0, loss = 0 } = link
  if (isQuiet(link)) return Math.round(latencyMs * 1000)
  let ms = latencyMs + jitterMs * (2 * noise.at(0) - 1)
  for (let attempt = 1; attempt <= MAX_RETRANSMISSIONS && noise.at(attempt) < loss; attempt++) {
    ms += timeoutMs(link, attempt)
  }
  return Math.round(ms * 1000)
}

function timeoutMs({ latencyMs, jitterMs = 0 }: LinkModel, attempt: number): number {
  return (2 * latencyMs + Math.max(MIN_TIMEOUT_MS, 4 * jitterMs)) * 2 ** (attempt - 1)
}

/** A link without chance that takes as long as this one on average, if frames have time to arrive in order. */
export function meanLink(link: LinkModel): LinkModel {
  const { latencyMs, bandwidthMbps, loss = 0 } = link
  let waitedMs = 0
  for (let attempt = 1; attempt <= MAX_RETRANSMISSIONS; attempt++)
    waitedMs += loss ** attempt * timeoutMs(link, attempt)
  return { latencyMs: latencyMs + waitedMs, ...(bandwidthMbps !== undefined && { bandwidthMbps }) }
}
