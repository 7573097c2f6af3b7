import type { StoredTensor } from '../../../weights/model-weights.ts'
import type { Precision } from '../../precision.ts'
import { type BlockForm, float32, type MatrixForm } from './matrix-form.ts'
import { exactForm } from './transcode/exact-forms.ts'

const eightBits: BlockForm = { kind: 'blocks', bits: 8, blockSize: 32, offsets: false }
const fourBits: BlockForm = { kind: 'blocks', bits: 4, blockSize: 32, offsets: false }

export interface MatrixTraits {
  readonly precision: Precision
  readonly stored: StoredTensor
  /** The head decides every token: under `q4` it keeps 8 bits where the layers have 4. */
  readonly isHead: boolean
}

/** The form in which a matrix is computed with. */
export function chooseForm({ precision, stored, isHead }: MatrixTraits): MatrixForm {
  switch (precision) {
    case 'f32':
      return float32
    case 'q8':
      return eightBits
    case 'q4':
      return isHead ? eightBits : fourBits
    case 'q4-all':
      return fourBits
    case 'as-stored':
      return formOfStored(stored)
  }
}

function formOfStored(stored: StoredTensor): MatrixForm {
  if (stored.format === 'safetensors') return float32
  if (stored.type === 'F32' || stored.type === 'F16' || stored.type === 'BF16') return float32
  return keepsBlocks(stored) ? (exactForm(stored.type)?.form ?? eightBits) : eightBits
}

/** Blocks of a transposed matrix run along the other dimension. */
export const keepsBlocks = (stored: Extract<StoredTensor, { format: 'gguf' }>): boolean =>
  stored.layout.kind !== 'transposed'
