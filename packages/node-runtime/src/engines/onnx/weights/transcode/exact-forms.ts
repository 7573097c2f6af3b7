import type { ReadableType } from '../../../../weights/gguf/dequantise/dequantise.ts'
import type { BlockForm } from '../matrix-form.ts'
import { q4_0, q4_1, q4K } from './q4.ts'
import { q5_0, q5_1, q5K } from './q5.ts'
import { q6K } from './q6.ts'
import { iq4Nl, q8_0 } from './q8.ts'
import type { Transcode } from './transcode.ts'

export interface ExactForm {
  readonly form: BlockForm
  readonly transcode: Transcode
}

const blocks = (bits: 4 | 8, blockSize: 16 | 32): BlockForm => ({ kind: 'blocks', bits, blockSize, offsets: false })
const withOffsets = (bits: 4 | 8): BlockForm => ({ kind: 'blocks', bits, blockSize: 32, offsets: true })

const exactForms: Partial<Record<ReadableType, ExactForm>> = {
  Q4_0: { form: blocks(4, 32), transcode: q4_0 },
  Q4_1: { form: withOffsets(4), transcode: q4_1 },
  Q4_K: { form: withOffsets(4), transcode: q4K },
  Q5_0: { form: blocks(8, 32), transcode: q5_0 },
  Q5_1: { form: withOffsets(8), transcode: q5_1 },
  Q5_K: { form: withOffsets(8), transcode: q5K },
  Q6_K: { form: blocks(8, 16), transcode: q6K },
  Q8_0: { form: blocks(8, 32), transcode: q8_0 },
  IQ4_NL: { form: blocks(8, 32), transcode: iq4Nl },
}

/** The block form that holds a GGUF type without loss, if there is one. */
export const exactForm = (type: ReadableType): ExactForm | undefined => exactForms[type]
