export type StoredDtype = 'F32' | 'F16' | 'BF16'

export interface StoredTensor {
  readonly name: string
  readonly dtype: StoredDtype
  readonly shape: readonly number[]
  /** Values that the format holds exactly. */
  readonly values: Float32Array
}

/** A safetensors file in the form of the Hugging Face library: header length, JSON header, data. */
export function safetensors(tensors: readonly StoredTensor[]): Buffer {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } }
  const parts: Buffer[] = []
  let offset = 0
  for (const { name, dtype, shape, values } of tensors) {
    const data = narrow(dtype, values)
    header[name] = { dtype, shape, data_offsets: [offset, offset + data.byteLength] }
    offset += data.byteLength
    parts.push(data)
  }
  return safetensorsFile(JSON.stringify(header), Buffer.concat(parts))
}

/** A file with any header at all. */
export function safetensorsFile(header: string, data: Buffer): Buffer {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)))
  return Buffer.concat([length, Buffer.from(header), data])
}

function narrow(dtype: StoredDtype, values: Float32Array): Buffer {
  const bytes = Buffer.alloc(values.length * (dtype === 'F32' ? 4 : 2))
  const bits = new Uint32Array(1)
  const float = new Float32Array(bits.buffer)
  for (const [i, value] of values.entries()) {
    float[0] = value
    if (dtype === 'F32') bytes.writeFloatLE(value, 4 * i)
    else bytes.writeUInt16LE(dtype === 'BF16' ? Number(bits[0]) >>> 16 : halfBits(value), 2 * i)
  }
  return bytes
}

function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.abs(value)
  if (size === 0) return sign
  const exponent = Math.max(-14, Math.floor(Math.log2(size)))
  const isSubnormal = size < 2 ** -14
  const fraction = isSubnormal ? size * 2 ** 24 : (size / 2 ** exponent - 1) * 1024
  return sign | (isSubnormal ? 0 : (exponent + 15) << 10) | fraction
}
