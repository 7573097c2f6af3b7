import type { Initializer } from '../model-proto/onnx-proto.ts'
import { type BlockForm, blocksPerRow } from '../weights/matrix-form.ts'
import type { PlacedArray, PlacedMatrix } from '../weights/placed-matrix.ts'
import type { GraphBuilder } from './graph-builder.ts'

/** Products of the same rows share what they need of them. */
export class Rows {
  readonly name: string
  readonly #graph: GraphBuilder
  readonly #blockSums = new Map<number, string>()

  constructor(graph: GraphBuilder, name: string) {
    this.#graph = graph
    this.name = name
  }

  /** Sums over blocks of the row. `[1, rows, inSize / blockSize]` */
  blockSums(blockSize: number, blocks: number): string {
    const known = this.#blockSums.get(blockSize)
    if (known !== undefined) return known
    const split = this.#graph.call({
      operator: 'Reshape',
      inputs: [this.name, this.#graph.integers(1, -1, blocks, blockSize)],
    })
    const sums = this.#graph.call({
      operator: 'ReduceSum',
      inputs: [split, this.#graph.integers(3)],
      attributes: { keepdims: { int: 0 } },
    })
    this.#blockSums.set(blockSize, sums)
    return sums
  }
}

/** rows * matrix^T + bias. `[1, rows, outSize]` */
export function affine(graph: GraphBuilder, rows: Rows, matrix: PlacedMatrix): string {
  const bias = matrix.bias === undefined ? undefined : graph.vector(`${matrix.name}.bias`, matrix.bias)
  if (matrix.form.kind === 'blocks') return blockProduct(graph, rows, { matrix, form: matrix.form, bias })
  const product = denseProduct(graph, rows.name, place(graph, matrix, 'values', [matrix.outSize, matrix.inSize]))
  return bias === undefined ? product : graph.call({ operator: 'Add', inputs: [product, bias] })
}

/** Activations are rounded to 8 bits a block, so that products are sums of small integers. */
const INTEGER_PRODUCTS = 4

interface BlockProduct {
  readonly matrix: PlacedMatrix
  readonly form: BlockForm
  readonly bias: string | undefined
}

function blockProduct(graph: GraphBuilder, rows: Rows, { matrix, form, bias }: BlockProduct): string {
  const { inSize, outSize } = matrix
  const blocks = blocksPerRow(form, inSize)
  const blobBytes = (form.blockSize * form.bits) / 8
  const codes = place(graph, matrix, 'codes', [outSize, blocks, blobBytes])
  const scales = place(graph, matrix, 'scales', [outSize * blocks])
  const product = graph.call({
    operator: 'MatMulNBits',
    domain: 'microsoft',
    inputs: [rows.name, codes, scales, ...(bias === undefined ? [] : ['', '', bias])],
    attributes: {
      K: { int: inSize },
      N: { int: outSize },
      bits: { int: form.bits },
      block_size: { int: form.blockSize },
      accuracy_level: { int: INTEGER_PRODUCTS },
    },
  })
  if (!form.offsets) return product
  // An offset meets the sum of its block of the row: exact, where zero points that are no whole numbers have no fast kernel.
  const sums = rows.blockSums(form.blockSize, blocks)
  const shift = denseProduct(graph, sums, place(graph, matrix, 'offsets', [outSize, blocks]))
  return graph.call({ operator: 'Add', inputs: [product, shift] })
}

const denseProduct = (graph: GraphBuilder, rows: string, matrix: string): string =>
  graph.call({
    operator: 'FusedMatMul',
    domain: 'microsoft',
    inputs: [rows, matrix],
    attributes: { transB: { int: 1 } },
  })

function place(graph: GraphBuilder, matrix: PlacedMatrix, part: PlacedArray['part'], shape: readonly number[]): string {
  const type: Initializer['type'] = part === 'codes' ? 'uint8' : 'float32'
  const array = matrix.arrays.find((candidate) => candidate.part === part)
  if (array === undefined) throw new RangeError(`${matrix.name} has no ${part}`)
  const { file, offset, byteLength } = array
  return graph.constant({
    name: `${matrix.name}.${part}`,
    type,
    shape,
    values: { kind: 'external', file, offset, byteLength },
  })
}
