import { readFile } from 'node:fs/promises'
import { readTrace, traceLine } from '@dsd-lab/core'
import type { Cell, Condition, TimedItem } from '../store/schema.ts'
import { retimeText } from './retime-text.ts'
import { type TracedText, textsOf } from './traced-text.ts'

/** One decoding and the networks to lay it on; plain data, so that a worker process can do it. */
export interface RetimeRequest {
  readonly traceFile: string
  /** Width of the hidden states between nodes. */
  readonly hiddenSize: number
  readonly cells: readonly { readonly cell: Cell; readonly condition: Condition }[]
}

export interface TimedCell {
  readonly cell: Cell
  readonly items: readonly TimedItem[]
  /** The timed rounds of the first prompts, as lines of a trace. */
  readonly trace: string
}

/** Prompts whose rounds are written out timed; the others follow from the decoding and the network at any time. */
const TRACED_PROMPTS = 2

/** Lays the rounds of a decoding on networks: no model runs, the times are those of core's cost model. */
export async function retimeDecoding({ traceFile, hiddenSize, cells }: RetimeRequest): Promise<TimedCell[]> {
  const texts = textsOf(readTrace(await readFile(traceFile, 'utf8'), traceFile).events)
  return cells.map(({ cell, condition }) => retimeTexts({ texts, cell, condition, hiddenSize }))
}

/** The same for texts that are at hand, on one network. */
export function retimeTexts({
  texts,
  cell,
  condition,
  hiddenSize,
}: {
  readonly texts: readonly TracedText[]
  readonly cell: Cell
  readonly condition: Condition
  readonly hiddenSize: number
}): TimedCell {
  const timed = texts.map((text) => retimeText({ text, condition, seed: cell.seed, hiddenSize }))
  return {
    cell,
    items: timed.map(({ item }) => item),
    trace: timed
      .slice(0, TRACED_PROMPTS)
      .flatMap(({ events }) => events.map(traceLine))
      .join(''),
  }
}
