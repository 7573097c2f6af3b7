import { DsdError } from '@dsd-lab/core'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Matrix, MatrixProducts } from '../decoder/matrix-products.ts'
import { transpose } from '../decoder/transpose.ts'
import type { TensorBackend } from './tensor-backend.ts'

/** Matrix products in tfjs. No tensor but the placed weights outlives a call. */
export function tfjsProducts({ tf, backendName, rowTile }: TensorBackend): MatrixProducts {
  const engine = tf.engine()
  const backend = tf.findBackend(backendName)
  const placed = new WeakMap<Matrix, Tensor>()

  const upload = (values: Float32Array, rows: number, columns: number): Tensor =>
    engine.makeTensor(values, [1, rows, columns], 'float32', backend)

  /** The kernel behind `tf.matMul`; the public operator costs as much again in checks. */
  const product = (left: Tensor, right: Tensor): Float32Array => {
    const result: Tensor = engine.runKernel(
      tf.BatchMatMul,
      { a: left, b: right },
      { transposeA: false, transposeB: false },
    )
    const values = result.dataSync<'float32'>()
    result.dispose()
    return values
  }

  const applyOnce = (rows: Float32Array, inSize: number, weights: Tensor): Float32Array => {
    const left = upload(rows, rows.length / inSize, inSize)
    const values = product(left, weights)
    left.dispose()
    return values
  }

  return {
    activate() {
      // The tensor package has one backend for the whole process. A started one is switched to before the promise returns.
      if (tf.getBackend() !== backendName || tf.backend() !== backend) void tf.setBackend(backendName)
    },

    place(weights, { inSize, outSize }) {
      const tensor = upload(transpose(weights, outSize, inSize), inSize, outSize)
      const matrix = { inSize, outSize, dispose: () => tensor.dispose() }
      placed.set(matrix, tensor)
      return matrix
    },

    apply(rows, matrix) {
      const weights = placed.get(matrix)
      if (weights === undefined) throw new DsdError('the matrix belongs to another engine', { kind: 'environment' })
      const { inSize, outSize } = matrix
      const passes = passSizes(rows.length / inSize, rowTile)
      if (passes.length === 1) return applyOnce(rows, inSize, weights)
      const out = new Float32Array((rows.length / inSize) * outSize)
      let done = 0
      for (const count of passes) {
        out.set(applyOnce(rows.subarray(done * inSize, (done + count) * inSize), inSize, weights), done * outSize)
        done += count
      }
      return out
    },

    multiply(left, right, { rows, inner, columns }) {
      const a = upload(left, rows, inner)
      const b = upload(right, inner, columns)
      const values = product(a, b)
      a.dispose()
      b.dispose()
      return values
    },
  }
}

/** Full tiles together; a rest of up to half a tile row by row, because one row has a faster kernel of its own. */
function passSizes(rows: number, tile: number | undefined): readonly number[] {
  const rest = tile === undefined ? 0 : rows % tile
  if (tile === undefined || rest === 0 || rest > tile / 2) return [rows]
  const full = rows - rest
  return [...(full > 0 ? [full] : []), ...new Array<number>(rest).fill(1)]
}
