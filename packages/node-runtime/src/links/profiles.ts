import type { LinkModel } from '@dsd-lab/core'

/**
 * Links that researchers ask for by name, one way. Light in fibre takes 5 us a kilometre and routes are about 1.5 times
 * the straight line, so 20 ms is some 2 700 km. Bandwidth is what one flow of a well-connected node sustains; loss is the
 * chance of a frame, not of a packet, on a path that carries little else.
 */
export const linkProfiles = {
  /** Machines behind one switch: a kernel's socket path and little more. */
  lan: { latencyMs: 0.2, jitterMs: 0.05, bandwidthMbps: 1000, loss: 0 },
  /** Data centres of one city, 100 to 250 km of fibre. */
  metro: { latencyMs: 2, jitterMs: 0.2, bandwidthMbps: 1000, loss: 0.0001 },
  /** Across Europe, or coast to middle in North America. */
  continental: { latencyMs: 20, jitterMs: 1, bandwidthMbps: 200, loss: 0.0002 },
  /** Europe to the west coast of North America, or to Asia. */
  intercontinental: { latencyMs: 75, jitterMs: 3, bandwidthMbps: 100, loss: 0.0005 },
  /** Low-orbit satellite access: 25 to 60 ms of round trip that moves with every pass, a thin uplink, visible loss. */
  starlink: { latencyMs: 22, jitterMs: 7, bandwidthMbps: 15, loss: 0.005 },
} as const satisfies Record<string, Required<LinkModel>>

export type LinkProfileName = keyof typeof linkProfiles

/** A link by profile name or by numbers. */
export type LinkChoice = LinkProfileName | LinkModel
