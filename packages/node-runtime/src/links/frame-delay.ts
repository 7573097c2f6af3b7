import { PURPOSE, uniformField } from '@dsd-lab/core'
import type { LinkSpec } from './profiles.ts'

/** Frames sent within one bucket of time meet the same noise, so arms that send different frames share the weather. */
export const NOISE_BUCKET_MS = 10
/** Floor of Linux's retransmission timeout above the round trip, ms. */
const MIN_TIMEOUT_MS = 200
const MAX_RETRANSMISSIONS = 6

export interface FrameDelayRequest {
  readonly spec: LinkSpec
  readonly seed: number
  /** Keys the noise: place of the link in its cluster. */
  readonly linkId: number
  /** When the frame is sent, since the link opened, ms. */
  readonly atMs: number
  readonly payloadBytes: number
}

export interface FrameDelay {
  /** Time on the wire at the link's bandwidth; the next frame starts after it. */
  readonly serialisationMs: number
  /** Latency, jitter and retransmission timeouts. */
  readonly propagationMs: number
}

/**
 * Delay of one frame, a pure function of its arguments. Jitter: `latencyMs + jitterMs * (2u - 1)`. Loss: each attempt
 * fails with chance `loss` and costs the retransmission timeout of RFC 6298 with Linux's floor,
 * `rtt + max(200, 4 * jitterMs)` where `rtt = 2 * latencyMs`, doubled on every repeat. A fast retransmit would need later
 * frames on the same link; a decoding round has none. All draws: Philox, purpose LINK, by (link, time bucket).
 */
export function frameDelay({ spec, seed, linkId, atMs, payloadBytes }: FrameDelayRequest): FrameDelay {
  const { latencyMs, jitterMs = 0, bandwidthMbps = Number.POSITIVE_INFINITY, loss = 0 } = spec
  const serialisationMs = (payloadBytes * 8) / (bandwidthMbps * 1000)
  if (jitterMs === 0 && loss === 0) return { serialisationMs, propagationMs: latencyMs }
  const noise = uniformField({
    seed,
    purpose: PURPOSE.LINK,
    sequence: linkId,
    position: Math.floor(atMs / NOISE_BUCKET_MS),
  })
  let propagationMs = latencyMs + jitterMs * (2 * noise.at(0) - 1)
  let timeoutMs = 2 * latencyMs + Math.max(MIN_TIMEOUT_MS, 4 * jitterMs)
  for (let attempt = 1; attempt <= MAX_RETRANSMISSIONS && noise.at(attempt) < loss; attempt++) {
    propagationMs += timeoutMs
    timeoutMs *= 2
  }
  return { serialisationMs, propagationMs }
}
