/**
 * Speed of widening each GGUF number format to float32, one thread, from memory: MB of stored bytes and of float32 a second,
 * best of nine rounds.
 *
 *     node --import tsx bench/gguf-dequantise.ts
 */
import { dequantise, readableTypes } from '../packages/node-runtime/src/weights/gguf/dequantise/dequantise.ts'
import { tensorFormats } from '../packages/node-runtime/src/weights/gguf/tensor-types.ts'

/** About the size of one matrix of a 1.5B model. */
const VALUES = 4096 * 2048
const ROUNDS = 9

/** Codes cover all bytes; a scale of any bits costs the same unless it is subnormal, so half-precision fields stay below infinity. */
function storedBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (Math.imul(at + 1, 0x9e3779b1) >>> 24) & 0x3f)
}

console.log('format   stored MB/s   float32 MB/s   10^6 weights/s')
const out = new Float32Array(VALUES)
for (const type of readableTypes) {
  const { blockSize, blockBytes } = tensorFormats[type]
  const stored = storedBytes((VALUES / blockSize) * blockBytes)
  const seconds = Array.from({ length: ROUNDS }, () => {
    const start = performance.now()
    dequantise(type, stored, out)
    return (performance.now() - start) / 1e3
  })
  const perSecond = 1 / Math.min(...seconds)
  const columns = [stored.byteLength / 1e6, (4 * VALUES) / 1e6, VALUES / 1e6].map((size) =>
    (size * perSecond).toFixed(0),
  )
  const [storedRate = '', floatRate = '', weights = ''] = columns
  console.log(`${type.padEnd(8)} ${storedRate.padStart(11)} ${floatRate.padStart(14)} ${weights.padStart(16)}`)
}
