import type { Round, RoundBytes, RoundTiming } from '../decoding/target.ts'
import type { Annotation } from '../verification/annotation.ts'
import type { AppliedRound } from './coordinator-effects.ts'
import type { ActivationFormat } from './frames/activations.ts'
import { frameBytes } from './frames/encode.ts'
import type { WindowFrame } from './frames/frame.ts'
import { HEADER_BYTES } from './frames/header.ts'
import { sizeOfWindow, windowBodyBytes } from './frames/window-body.ts'

export interface RoundReportRequest {
  readonly index: number
  readonly applied: AppliedRound
  readonly draftSteps: number
  readonly startMs: number
  readonly draftMs: number
  /** When the verdict was applied. */
  readonly endMs: number
  /** Delay that the link to the head planned for the last window. */
  readonly headLinkUs: number
  readonly nodes: number
  readonly hiddenSize: number
  /** Default `f32`. */
  readonly activations?: ActivationFormat | undefined
}

/** A round as the loops and the traces see it. Times come from the trailers, each on its own node's clock. */
export function reportRound(request: RoundReportRequest): Round {
  const { index, applied, draftSteps } = request
  const { committedBefore, windows, drafted, accepted, verdict, retries } = applied
  const rows = windows.reduce((sum, { ids }) => sum + ids.length, 0)
  return {
    index,
    committedBefore,
    rows,
    forced: rows - 1 - drafted.length,
    drafted,
    accepted,
    next: verdict.next,
    annotations: annotationsOf(applied),
    draftSteps,
    retries,
    timing: timingOf(request),
    bytes: bytesOf(request),
  }
}

/** Without annotations from the tail only the place of a token in its window tells where it came from. */
function annotationsOf({ verdict, drafted, accepted }: AppliedRound): readonly Annotation[] {
  if (verdict.annotations !== undefined) return verdict.annotations.slice(0, accepted + 1)
  const bonus = drafted.length === 0 ? 'target' : 'bonus'
  const last: Annotation = { origin: verdict.accepted < drafted.length ? 'correction' : bonus }
  return Array.from({ length: accepted + 1 }, (_, row) => (row < verdict.accepted ? { origin: 'draft' } : last))
}

function timingOf({ applied, startMs, draftMs, endMs, headLinkUs }: RoundReportRequest): RoundTiming {
  const stages = applied.verdict.trailer
  const links = [headLinkUs, ...stages.map((stage) => stage.linkUs)]
  return {
    startMs,
    draftMs,
    computeMs: stages.map((stage) => stage.computeUs / 1000),
    queueMs: stages.map((stage) => stage.queueUs / 1000),
    linkMs: links.slice(0, -1).map((us) => us / 1000),
    returnMs: (links.at(-1) ?? 0) / 1000,
    totalMs: (Math.round(endMs * 1000) - Math.round(startMs * 1000)) / 1000,
  }
}

function bytesOf({ applied, nodes, hiddenSize, activations }: RoundReportRequest): RoundBytes {
  const onLink = (link: number, window: WindowFrame): number =>
    HEADER_BYTES +
    windowBodyBytes({ ...sizeOfWindow(window), hiddenSize: link === 0 ? 0 : hiddenSize, stages: link, activations })
  return {
    forward: Array.from({ length: nodes }, (_, link) =>
      applied.windows.reduce((sum, window) => sum + onLink(link, window), 0),
    ),
    verdict: frameBytes(applied.verdict),
  }
}
