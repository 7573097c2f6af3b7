import type { MatrixTensor } from '../../../models/model-config.ts'
import type { ModelWeights } from '../../../weights/model-weights.ts'
import { transpose } from '../../decoder/transpose.ts'
import { keepsBlocks } from './choose-form.ts'
import { type BlockForm, type MatrixArray, sameForm } from './matrix-form.ts'
import type { MatrixPlan } from './matrix-plan.ts'
import { emptyBlockRows } from './transcode/block-rows.ts'
import { exactForm } from './transcode/exact-forms.ts'
import { quantise } from './transcode/quantise.ts'

/** Values in memory at once. */
const CHUNK_VALUES = 2 ** 20

/** Consecutive rows of a matrix in its form. */
export interface ConvertedRows {
  readonly from: number
  readonly arrays: Readonly<Partial<Record<MatrixArray['part'], Uint8Array>>>
}

/** Converts a matrix piece by piece; the pieces are valid until the next. */
export async function* convertedRows(weights: ModelWeights, plan: MatrixPlan): AsyncGenerator<ConvertedRows> {
  let first = 0
  for (const part of plan.parts) {
    const chunkRows = Math.max(1, Math.floor(CHUNK_VALUES / plan.inSize))
    const rows = await rowReader(weights, part, plan)
    for (let from = 0; from < part.outSize; from += chunkRows) {
      const range = { from, to: Math.min(from + chunkRows, part.outSize) }
      yield { from: first + from, arrays: await rows(range) }
    }
    first += part.outSize
  }
}

type RowReader = (range: { readonly from: number; readonly to: number }) => Promise<ConvertedRows['arrays']>

async function rowReader(weights: ModelWeights, part: MatrixTensor, { inSize, form }: MatrixPlan): Promise<RowReader> {
  const values = await valueReader(weights, part, inSize)
  if (form.kind === 'float32') return async (range) => ({ values: bytesOf(await values(range)) })
  const stored = weights.stored(part.name)
  if (stored.format === 'gguf' && keepsBlocks(stored)) {
    const exact = exactForm(stored.type)
    if (exact !== undefined && sameForm(exact.form, form)) {
      return async (range) => {
        const bytes = await stored.readRows(range)
        return blockArrays(form, inSize, range.to - range.from, (out) =>
          exact.transcode(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), out),
        )
      }
    }
  }
  return async (range) => {
    const rows = await values(range)
    return blockArrays(form, inSize, range.to - range.from, (out) => quantise(rows, inSize, form, out))
  }
}

/** Reads rows as float32; a matrix stored the other way round is turned as a whole. */
async function valueReader(weights: ModelWeights, part: MatrixTensor, inSize: number) {
  if (part.stored !== 'in-out') return (range: { from: number; to: number }) => weights.readRows(part.name, range)
  const turned = transpose(await weights.read(part.name, [inSize, part.outSize]), inSize, part.outSize)
  return async ({ from, to }: { from: number; to: number }) => turned.subarray(from * inSize, to * inSize)
}

function blockArrays(
  form: BlockForm,
  inSize: number,
  rows: number,
  fill: (out: ReturnType<typeof emptyBlockRows>) => void,
): ConvertedRows['arrays'] {
  const out = emptyBlockRows(form, inSize, rows)
  fill(out)
  return { codes: out.codes, scales: bytesOf(out.scales), offsets: bytesOf(out.offsets) }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)
