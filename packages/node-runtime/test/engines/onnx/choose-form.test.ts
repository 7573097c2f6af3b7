import { describe, expect, it } from 'vitest'
import { chooseForm } from '../../../src/engines/onnx/weights/choose-form.ts'
import type { Precision } from '../../../src/engines/precision.ts'
import type { StoredTensor } from '../../../src/weights/model-weights.ts'

const stored: StoredTensor = { format: 'safetensors', dtype: 'F32', path: '', offset: 0, byteLength: 4, shape: [1, 1] }
const bits = (precision: Precision, isHead: boolean) => {
  const form = chooseForm({ precision, stored, isHead })
  return form.kind === 'blocks' ? form.bits : 32
}

describe('bits of layers and head', () => {
  it.each([
    ['f32', 32, 32],
    ['q8', 8, 8],
    ['q4', 4, 8],
    ['q4-all', 4, 4],
    ['as-stored', 32, 32],
  ] as const)('%s: %d and %d', (precision, layers, head) => {
    expect([bits(precision, false), bits(precision, true)]).toEqual([layers, head])
  })
})
