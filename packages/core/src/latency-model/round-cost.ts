import type { Round, RoundBytes, RoundTiming } from '../decoding/target.ts'
import { chunkRows } from '../protocol/chunks.ts'
import type { ActivationFormat } from '../protocol/frames/activations.ts'
import { ANNOTATION_BYTES } from '../protocol/frames/annotation-bytes.ts'
import { HEADER_BYTES } from '../protocol/frames/header.ts'
import { DEFAULT_MAX_ROWS } from '../protocol/frames/limits.ts'
import { verdictBodyBytes } from '../protocol/frames/verdict-body.ts'
import { type WindowSize, windowBodyBytes } from '../protocol/frames/window-body.ts'
import { type ComputeModel, computeUs } from './compute.ts'
import { idleLink, type LinkState, type NetworkModel, passLink } from './network.ts'

/** What a round asks of the chain, whatever the network. */
export interface RoundLoad {
  /** Rows of each window; several only for a long prompt or replay. */
  readonly windows: readonly { readonly rows: number; readonly extraBytes: number }[]
  /** Tokens that the verdict annotates; 0 when the session did not ask. */
  readonly annotations: number
  readonly draftSteps: number
}

export interface RoundLoadRequest {
  readonly rows: number
  readonly forced: number
  readonly draftSteps: number
  /** OPEN section (`openingBytes`) and laws. Default 0. */
  readonly extraBytes?: number
  readonly annotations?: number
  /** Largest number of rows in one window. Default 1024. */
  readonly maxRows?: number
}

/**
 * The windows that a round of so many rows travels in: one, or several of at most `maxRows` where a prompt or replay is longer. The first
 * carries the extra bytes.
 */
export function roundLoad(request: RoundLoadRequest): RoundLoad {
  const { rows, forced, draftSteps, extraBytes = 0, annotations = 0, maxRows = DEFAULT_MAX_ROWS } = request
  const chunks = chunkRows({ forced, drafts: rows - forced - 1, maxRows })
  const windows = chunks.map((chunk, index) => ({ rows: chunk, extraBytes: index === 0 ? extraBytes : 0 }))
  return { windows, annotations, draftSteps }
}

/** The load of a round that was decoded, read back from its byte counts. */
export function loadOfRound(
  { rows, forced, draftSteps, bytes }: Pick<Round, 'rows' | 'forced' | 'draftSteps' | 'bytes'>,
  maxRows = DEFAULT_MAX_ROWS,
): RoundLoad {
  const bare = roundLoad({ rows, forced, draftSteps, maxRows })
  const extraBytes =
    (bytes.forward[0] ?? 0) - sum(bare.windows.map((window) => windowBytes(window, { hiddenSize: 0, stages: 0 })))
  const bareVerdict = HEADER_BYTES + verdictBodyBytes({ nodes: bytes.forward.length })
  const annotations = (bytes.verdict - bareVerdict) / ANNOTATION_BYTES
  return roundLoad({ rows, forced, draftSteps, extraBytes, annotations, maxRows })
}

export interface RoundCostRequest {
  readonly load: RoundLoad
  readonly nodes: number
  readonly hiddenSize: number
  /** How hidden states travel between nodes. Default `f32`. */
  readonly activations?: ActivationFormat
  readonly network: NetworkModel
  readonly compute: ComputeModel
  /** Virtual milliseconds of one draft-model step. Default 0. */
  readonly draftStepMs?: number
  /** Whole microseconds until the drafts are there, where some were made ahead (`DraftClock`). Default: those of all draft steps. */
  readonly draftUs?: number | undefined
  /** When drafting began, since the session opened: jitter and loss depend on it. Default 0. */
  readonly startMs?: number
  /** Index of the text inside the run; keys jitter and loss. Default 0. */
  readonly sequence?: number
}

/**
 * Time and bytes of one synchronisation round in closed form, equal to the microsecond to what the virtual clock of
 * `inProcessTarget` measures:
 *
 *     T = draftSteps * draftStepMs + sum_i (link_i(bytes_i) + baseMs_i + rows * perRowMs_i) + return
 *
 * and for a prompt in several windows the recurrence of FIFO stations in series, where each window starts at
 * `max(its arrival, end of the one before)`.
 */
export function costRound(request: RoundCostRequest): { readonly timing: RoundTiming; readonly bytes: RoundBytes } {
  const { load, nodes, hiddenSize, activations, draftStepMs = 0, startMs = 0 } = request
  const startUs = Math.round(startMs * 1000)
  const { draftUs = Math.round(load.draftSteps * draftStepMs * 1000) } = request
  const stations = Array.from({ length: nodes }, (): Station => ({ link: idleLink, freeUs: 0 }))
  let passage: PassedWindow = { readyUs: startUs + draftUs, linkUs: [], queueUs: [], computeUs: [] }
  for (const window of load.windows) passage = passWindow({ request, window, stations, sentUs: startUs + draftUs })
  const verdict = HEADER_BYTES + verdictBodyBytes({ nodes, annotations: load.annotations })
  const returned = pass(request, { place: nodes, payloadBytes: verdict, sentUs: passage.readyUs, state: idleLink })
  const forward = stations.map((_, link) => {
    const width = { hiddenSize: link === 0 ? 0 : hiddenSize, stages: link, activations }
    return sum(load.windows.map((window) => windowBytes(window, width)))
  })
  const timing: RoundTiming = {
    startMs: startUs / 1000,
    draftMs: toMs(draftUs),
    computeMs: passage.computeUs.map(toMs),
    queueMs: passage.queueUs.map(toMs),
    linkMs: passage.linkUs.map(toMs),
    returnMs: toMs(returned.arrivedUs - passage.readyUs),
    totalMs: toMs(returned.arrivedUs - startUs),
  }
  return { timing, bytes: { forward, verdict } }
}

/** A link and the node behind it, between two windows. */
interface Station {
  link: LinkState
  freeUs: number
}

interface PassedWindow {
  readonly readyUs: number
  readonly linkUs: readonly number[]
  readonly queueUs: readonly number[]
  readonly computeUs: readonly number[]
}

interface WindowPassage {
  readonly request: RoundCostRequest
  readonly window: RoundLoad['windows'][number]
  readonly stations: readonly Station[]
  readonly sentUs: number
}

/** Sends one window through all nodes and leaves the stations as it found them free. */
function passWindow({ request, window, stations, sentUs }: WindowPassage): PassedWindow {
  const { hiddenSize, activations, compute } = request
  let readyUs = sentUs
  const [linkUs, queueUs, costUs]: [number[], number[], number[]] = [[], [], []]
  for (const [node, station] of stations.entries()) {
    const payloadBytes = windowBytes(window, {
      hiddenSize: node === 0 ? 0 : hiddenSize,
      stages: node,
      activations,
    })
    station.link = pass(request, { place: node, payloadBytes, sentUs: readyUs, state: station.link })
    const { arrivedUs } = station.link
    const startedUs = Math.max(arrivedUs, station.freeUs)
    linkUs.push(arrivedUs - readyUs)
    queueUs.push(startedUs - arrivedUs)
    costUs.push(computeUs(compute, node, window.rows))
    readyUs = startedUs + computeUs(compute, node, window.rows)
    station.freeUs = readyUs
  }
  return { readyUs, linkUs, queueUs, computeUs: costUs }
}

function pass(
  { network, sequence = 0 }: RoundCostRequest,
  frame: { readonly place: number; readonly payloadBytes: number; readonly sentUs: number; readonly state: LinkState },
): LinkState {
  return passLink({ network, sequence, ...frame })
}

function windowBytes(
  { rows, extraBytes }: { readonly rows: number; readonly extraBytes: number },
  width: Pick<WindowSize, 'hiddenSize' | 'stages' | 'activations'>,
): number {
  return HEADER_BYTES + windowBodyBytes({ rows, extraBytes, ...width })
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const toMs = (us: number): number => us / 1000
