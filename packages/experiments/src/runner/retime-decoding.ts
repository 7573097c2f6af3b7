import { readFile } from 'node:fs/promises'
import { DraftClock, RoundTimer, readTrace, traceLine } from '@dsd-lab/core'
import { timedChain } from '../plan/conditions.ts'
import type { Cell, Condition, TimedCells } from '../store/schema.ts'
import { retimeText } from './retime-text.ts'
import { type TracedText, textsOf } from './traced-text.ts'

/** One decoding and the networks to lay it on; plain data, so that a thread can do it. */
export interface RetimeRequest {
  readonly decoding: string
  readonly traceFile: string
  /** Width of the hidden states between nodes. */
  readonly hiddenSize: number
  readonly cells: readonly LaidCell[]
}

export interface LaidCell {
  readonly cell: Cell
  readonly condition: Condition
  /** Whether its first rounds are wanted one by one. */
  readonly traced: boolean
}

export interface RetimedCells {
  readonly timed: TimedCells
  /** The timed rounds of the first prompts of the cells that are traced, as lines of a trace. */
  readonly traces: readonly { readonly id: string; readonly trace: string }[]
}

/** Prompts whose rounds are written out timed; the others follow from the decoding and the network at any time. */
const TRACED_PROMPTS = 2

/** Lays the rounds of a decoding on networks: no model runs, the times are those of core's cost model. */
export async function retimeDecoding({ decoding, traceFile, hiddenSize, cells }: RetimeRequest): Promise<RetimedCells> {
  const texts = textsOf(readTrace(await readFile(traceFile, 'utf8'), traceFile).events)
  const timedTexts = texts.map(roundsToTime)
  return {
    timed: {
      schema: 1,
      decoding,
      items: texts.map(({ session }) => session.item),
      tokens: texts.map(({ rounds }) => rounds.reduce((sum, { commit }) => sum + (commit?.tokens.length ?? 0), 0)),
      rounds: texts.map(({ rounds }) => rounds.length),
      cells: cells.map(({ cell, condition }) => {
        const timer = new RoundTimer(timedChain({ condition, hiddenSize, seed: cell.seed }))
        return { id: cell.id, ...timesOf(timedTexts, timer) }
      }),
    },
    traces: cells
      .filter(({ traced }) => traced)
      .map(({ cell, condition }) => ({
        id: cell.id,
        trace: texts
          .slice(0, TRACED_PROMPTS)
          .flatMap((text) => retimeText({ text, condition, seed: cell.seed, hiddenSize }).events)
          .map(traceLine)
          .join(''),
      })),
  }
}

/** What of the rounds of a text costs time. `[rounds]` each */
interface TimedRounds {
  readonly sequence: number
  readonly rows: Int32Array
  readonly forced: Int32Array
  readonly draftSteps: Int32Array
  /** 1 where the window was drafted ahead. */
  readonly foreseen: Uint8Array
  readonly aheadSteps: Int32Array
  readonly extraBytes: Int32Array
}

function roundsToTime({ session, rounds }: TracedText): TimedRounds {
  const column = (of: (round: TracedText['rounds'][number]['round']) => number): Int32Array =>
    Int32Array.from(rounds, ({ round }) => of(round))
  return {
    sequence: session.sequence,
    rows: column(({ rows }) => rows),
    forced: column(({ forced }) => forced),
    draftSteps: column(({ draftSteps }) => draftSteps),
    foreseen: Uint8Array.from(rounds, ({ round }) => (round.ahead?.foreseen === true ? 1 : 0)),
    aheadSteps: column(({ ahead }) => ahead?.steps ?? 0),
    extraBytes: column(({ extraBytes = 0 }) => extraBytes),
  }
}

function timesOf(texts: readonly TimedRounds[], timer: RoundTimer): Omit<TimedCells['cells'][number], 'id'> {
  const columns = {
    totalMs: Array.of<number>(),
    firstTokenMs: Array.of<number>(),
    forwardBytes: Array.of<number>(),
    verdictBytes: Array.of<number>(),
  }
  const drafts = new DraftClock()
  const { draftStepMs: stepMs } = timer
  for (const text of texts) {
    timer.startText(text.sequence)
    drafts.startText()
    let atUs = 0
    let firstUs = 0
    let bytes = 0
    for (let index = 0; index < text.rows.length; index++) {
      const rows = text.rows[index] ?? 0
      const forced = text.forced[index] ?? 0
      const extraBytes = text.extraBytes[index] ?? 0
      atUs += drafts.us({
        startUs: atUs,
        steps: text.draftSteps[index] ?? 0,
        stepMs,
        foreseen: text.foreseen[index] === 1,
        aheadSteps: text.aheadSteps[index] ?? 0,
      })
      if (forced === 0 && extraBytes === 0) {
        atUs += timer.windowUs(rows, atUs)
        bytes += timer.windowBytes(rows)
      } else {
        const round = { rows, forced, extraBytes }
        atUs += timer.us(round, atUs)
        bytes += timer.forwardBytes(round)
      }
      if (index === 0) firstUs = atUs
    }
    columns.totalMs.push(atUs / 1000)
    columns.firstTokenMs.push(firstUs / 1000)
    columns.forwardBytes.push(bytes)
    columns.verdictBytes.push(text.rows.length * timer.verdictBytes)
  }
  return columns
}
