import { DsdError, idleLink, type LinkModel, passLink } from '@dsd-lab/core'

/** A busy moment of the machine is not a wrong link: one that is off is measured afresh after a growing pause. */
const ATTEMPTS = 10
const FIRST_PAUSE_MS = 20
/** Relative and absolute deviation from which a link counts as wrong, whichever is larger. */
const TOLERANCE_SHARE = 0.05
const TOLERANCE_MS = 0.5

export interface LinkSample {
  /** When the ping was sent, since the link opened, us. */
  readonly sentUs: number
  /** From handing the frame to the link to its arrival, ms. */
  readonly measuredMs: number
}

export interface LinkCheckRequest {
  /** What errors call the link. */
  readonly name: string
  /** The link as declared, whatever the sender was told. */
  readonly spec: LinkModel
  readonly seed: number
  readonly place: number
  /** Size that the emulation was told. */
  readonly payloadBytes: number
  readonly samples: readonly LinkSample[]
}

/** A link as it is. */
export interface MeasuredLink {
  readonly name: string
  /** Median time of a small frame from one end to the other, ms. */
  readonly measuredMs: number
}

/** A link as declared and as measured, ms. */
export interface LinkCheck extends MeasuredLink {
  /** Median delay that the declaration asks of the frames that were sent, noise included. */
  readonly declaredMs: number
  /** Median of `|measured - declared|` frame by frame. */
  readonly offMs: number
  /** 5 % of `declaredMs`, at least 0.5. */
  readonly toleranceMs: number
  readonly ok: boolean
}

export function measuredLink(name: string, samples: readonly LinkSample[]): MeasuredLink {
  return { name, measuredMs: median(samples.map(({ measuredMs }) => measuredMs)) }
}

/**
 * Compares what frames met with what the declaration asks. The noise is keyed, so the delay of every single frame is
 * known beforehand: jitter and loss need no allowance.
 */
export function checkLink(request: LinkCheckRequest): LinkCheck {
  const { spec, seed, place, payloadBytes } = request
  const declared = request.samples.map(({ sentUs }) => {
    const passage = { network: { links: spec, seed }, place, payloadBytes, sentUs, state: idleLink }
    return (passLink(passage).arrivedUs - sentUs) / 1000
  })
  const declaredMs = median(declared)
  const offMs = median(
    request.samples.map(({ measuredMs }, frame) => Math.abs(measuredMs - (declared[frame] ?? Number.NaN))),
  )
  const toleranceMs = Math.max(TOLERANCE_MS, TOLERANCE_SHARE * declaredMs)
  return {
    ...measuredLink(request.name, request.samples),
    declaredMs,
    offMs,
    toleranceMs,
    ok: offMs <= toleranceMs,
  }
}

export interface LinkMeasurement extends Omit<LinkCheckRequest, 'samples'> {
  /** Sends some frames over the link. */
  measure(): Promise<readonly LinkSample[]>
}

/** Measures a link until it does what was declared, at most ten times. */
export async function measureLink({ measure, ...declared }: LinkMeasurement): Promise<LinkCheck> {
  for (let attempt = 1; ; attempt++) {
    const check = checkLink({ ...declared, samples: await measure() })
    if (check.ok || attempt === ATTEMPTS) return check
    await new Promise((resume) => setTimeout(resume, FIRST_PAUSE_MS * attempt))
  }
}

/** @throws DsdError `environment` naming the first link that is off and by how much. */
export function refuseWrongLinks(checks: readonly LinkCheck[]): void {
  const wrong = checks.find((check) => !check.ok)
  if (wrong === undefined) return
  const ms = (value: number) => `${value.toFixed(2)} ms`
  throw new DsdError(
    `the emulated link takes ${ms(wrong.measuredMs)}, declared are ${ms(wrong.declaredMs)} (off by ${ms(wrong.offMs)}, allowed ${ms(wrong.toleranceMs)})`,
    {
      kind: 'environment',
      where: `link ${wrong.name}`,
      fix: 'free the machine of other work, or pass selfCheck: false to run without this guard',
    },
  )
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[(sorted.length >> 1) - 1] ?? Number.NaN) + upper) / 2
}
