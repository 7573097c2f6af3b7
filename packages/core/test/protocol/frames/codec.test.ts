import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantise } from '../../../src/distribution/quantise.ts'
import { sparseDistribution } from '../../../src/distribution/sparse.ts'
import { IMPORTANCE_REASONS, TOKEN_ORIGINS } from '../../../src/index.ts'
import { crc32c } from '../../../src/protocol/frames/crc32c.ts'
import { decodeFrame } from '../../../src/protocol/frames/decode.ts'
import { encodeFrame, frameBytes } from '../../../src/protocol/frames/encode.ts'
import { type Frame, NACK_REASONS } from '../../../src/protocol/frames/frame.ts'
import { type FrameLimits, largestFrameBytes } from '../../../src/protocol/frames/limits.ts'

const limits: FrameLimits = { maxRows: 16, maxLength: 64, vocabSize: 100, hiddenSize: 3 }

const u32 = fc.integer({ min: 0, max: 0xffffffff })
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const f32 = fc.float({ noNaN: true, noDefaultInfinity: true })
const id = fc.integer({ min: 0, max: limits.vocabSize - 1 })
const round = { gen: u32, session: u32, term: u32, epoch: u32, seq: u32 }
const trailer = fc.array(fc.record({ queueUs: u32, computeUs: u32, linkUs: u32 }), { maxLength: 8 })
const report = {
  node: fc.integer({ min: 0, max: 0xffff }),
  boot: u32,
  length: u32,
  ladder: fc.array(fc.record({ position: u32, digest: u64 }), { maxLength: 64 }),
}
const law = fc
  .uniqueArray(id, { minLength: 1, maxLength: 12 })
  .map((ids) => quantise(sparseDistribution({ vocabSize: 100, ids, weights: ids.map((_, at) => at + 1) })))

const annotation = fc.record(
  {
    origin: fc.constantFrom(...TOKEN_ORIGINS),
    importance: f32,
    reasons: fc.subarray([...IMPORTANCE_REASONS]),
    entropyNats: f32,
    marginNats: f32,
  },
  { requiredKeys: ['origin'] },
)

const window = fc
  .record({
    rows: fc.integer({ min: 1, max: limits.maxRows }),
    forced: fc.nat(limits.maxRows),
    hidden: fc.boolean(),
    laws: fc.option(fc.array(law, { minLength: 16, maxLength: 16 }), { nil: undefined }),
    open: fc.option(fc.uint8Array({ maxLength: 90 }), { nil: undefined }),
    ids: fc.array(id, { minLength: 16, maxLength: 16 }),
    states: fc.array(f32, { minLength: 48, maxLength: 48 }),
    start: fc.nat(limits.maxLength - limits.maxRows),
    settled: u32,
    pre: u64,
    post: u64,
    newEpoch: fc.boolean(),
    trailer,
    ...round,
  })
  .map(({ rows, forced, hidden, laws, open, ids, states, ...rest }): Frame => {
    const committed = Math.min(forced, rows)
    return {
      type: 'window',
      ...rest,
      ids: ids.slice(0, rows),
      forced: committed,
      ...(hidden && { hidden: Float32Array.from(states.slice(0, rows * limits.hiddenSize)) }),
      ...(laws && { laws: laws.slice(0, Math.max(rows - committed - 1, 0)) }),
      ...(open && { open }),
    }
  })

const verdict = fc
  .record(
    {
      start: u32,
      accepted: fc.nat(limits.maxRows - 1),
      full: fc.boolean(),
      dead: fc.boolean(),
      next: id,
      position: u32,
      digest: u64,
      trailer,
      annotations: fc.array(annotation, { minLength: 16, maxLength: 16 }),
      marginNats: f32,
      ...round,
    },
    { noNullPrototype: true },
  )
  .chain((frame) => fc.tuple(fc.constant(frame), fc.boolean(), fc.boolean()))
  .map(
    ([{ annotations, marginNats, ...frame }, annotated, measured]): Frame => ({
      type: 'verdict',
      ...frame,
      ...(annotated && { annotations: annotations.slice(0, frame.accepted + 1) }),
      ...(measured && { marginNats }),
    }),
  )

const control = fc
  .record({ type: fc.constantFrom('cancel', 'close', 'survey'), ...round })
  .map(({ type, ...id }): Frame => ({ type, ...id }))
const status = fc
  .record({ survey: u32, open: fc.boolean(), ...report, ...round })
  .map((rest): Frame => ({ type: 'status', ...rest }))
const nack = fc
  .record({
    reason: fc.constantFrom(...NACK_REASONS),
    kind: fc.constantFrom('bad-input', 'environment', 'protocol', 'numeric', 'interrupted'),
    detail: fc.string({ unit: 'binary', maxLength: 40 }),
    ...report,
    ...round,
  })
  .map((rest): Frame => ({ type: 'nack', ...rest }))

const frame = fc.oneof(window, verdict, control, status, nack)
/** Laws are compared by what they say, not by the functions that they carry. */
const plain = (frame: Frame) =>
  frame.type === 'window' && frame.laws
    ? { ...frame, laws: frame.laws.map((one) => [one.ids, one.probabilities]) }
    : frame

describe('the codec', () => {
  it('reads back every frame that it writes, in the size that it announced', () => {
    fc.assert(
      fc.property(frame, (sent) => {
        const bytes = encodeFrame(sent)
        expect(bytes.length).toBe(frameBytes(sent))
        expect(bytes.length).toBeLessThanOrEqual(largestFrameBytes(limits))
        const decoded = decodeFrame(bytes, limits)
        expect(decoded.ok && plain(decoded.frame)).toEqual(plain(sent))
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  it('reads a frame that lies anywhere in a larger buffer', () => {
    fc.assert(
      fc.property(frame, fc.nat(7), (sent, offset) => {
        const bytes = encodeFrame(sent)
        const buffer = new Uint8Array(bytes.length + 16).fill(0xaa)
        buffer.set(bytes, offset)
        expect(decodeFrame(buffer.subarray(offset, offset + bytes.length), limits).ok).toBe(true)
      }),
      { seed: 2, numRuns: 50 },
    )
  })

  it('has the header of 40 bytes that the protocol page gives, little endian', () => {
    const bytes = encodeFrame({ type: 'cancel', gen: 1, session: 2, term: 3, epoch: 4, seq: 0x01020304 })
    const words = new DataView(bytes.buffer)
    expect([...bytes.subarray(0, 4)]).toEqual([0xd1, 0xd5, 1, 3])
    expect([4, 8, 12, 16, 20, 24, 28, 32].map((at) => words.getUint32(at, true))).toEqual([
      0, 1, 2, 3, 4, 0x01020304, 0, 0,
    ])
    expect(bytes.length).toBe(40)
  })

  it('computes CRC-32C: the check value of RFC 3720 and of the catalogue of CRCs', () => {
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283)
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43)
  })
})

describe('a frame from anywhere', () => {
  /** Runs the decoder and says how many floats it asked for. */
  const decodeCounting = (bytes: Uint8Array) => {
    const Original = globalThis.Float32Array
    let floats = 0
    globalThis.Float32Array = new Proxy(Original, {
      construct(target, args: [number]) {
        floats += args[0]
        return new target(...args)
      },
    })
    try {
      return { decoded: decodeFrame(bytes, limits, () => true), floats }
    } finally {
      globalThis.Float32Array = Original
    }
  }

  it('is answered, never thrown, and asks for no more floats than it has bytes for', () => {
    const noise = fc.uint8Array({ maxLength: 400 })
    const damaged = fc
      .tuple(frame, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 }), fc.nat(12))
      .map(([sent, edits, cut]) => {
        const bytes = encodeFrame(sent)
        for (const [at, value] of edits) bytes[at % bytes.length] = value
        return bytes.subarray(0, bytes.length - (cut < 8 ? 0 : cut))
      })
    let accepted = 0
    fc.assert(
      fc.property(fc.oneof(noise, damaged), (bytes) => {
        const { decoded, floats } = decodeCounting(bytes)
        expect(floats * 4).toBeLessThanOrEqual(bytes.length)
        if (!decoded.ok) expect(decoded.detail).toMatch(/\S/)
        else accepted++
      }),
      { seed: 3, numRuns: 3000 },
    )
    expect(accepted).toBeGreaterThan(100)
  })

  it('is refused for any flipped bit', () => {
    fc.assert(
      fc.property(frame, fc.nat(), (sent, bit) => {
        const bytes = encodeFrame(sent)
        const at = (bit >>> 3) % bytes.length
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7))
        expect(decodeFrame(bytes, limits).ok).toBe(false)
      }),
      { seed: 4, numRuns: 300 },
    )
  })

  const valid = (): Uint8Array => encodeFrame({ type: 'close', gen: 0, session: 9, term: 1, epoch: 0, seq: 5 })
  const refusal = (bytes: Uint8Array) => {
    const decoded = decodeFrame(bytes, limits)
    return decoded.ok ? 'accepted' : decoded.detail
  }

  it('says what is wrong in one line', () => {
    const version = valid().fill(2, 2, 3)
    expect(refusal(version)).toBe('protocol version 2 is not spoken here, 1 is')
    expect(refusal(valid().fill(0, 0, 1))).toBe('the magic number is missing')
    expect(refusal(valid().subarray(0, 20))).toBe('20 bytes are no frame')
    expect(refusal(new Uint8Array(largestFrameBytes(limits) + 1))).toMatch(/bytes are more than the limit/)
    expect(refusal(valid().fill(1, 33, 34))).toBe('the checksum does not match')
  })

  it('of another version still names its round, so that the refusal can be addressed', () => {
    expect(decodeFrame(valid().fill(2, 2, 3), limits)).toMatchObject({ ok: false, round: { session: 9, seq: 5 } })
  })

  const rows = (ids: number[], start = 0): Frame => ({
    type: 'window',
    gen: 0,
    session: 0,
    term: 0,
    epoch: 0,
    seq: 0,
    start,
    newEpoch: true,
    forced: 0,
    settled: 0,
    pre: 0n,
    post: 0n,
    ids,
    trailer: [],
  })

  it('is refused beyond the limits: rows, length, vocabulary', () => {
    expect(refusal(encodeFrame(rows(Array(17).fill(1))))).toBe('17 rows are not in 1..16')
    expect(refusal(encodeFrame(rows([1, 2], 63)))).toBe('rows end at 65, beyond the length limit 64')
    expect(refusal(encodeFrame(rows([100])))).toBe('token 100 is not below the vocabulary 100')
  })
})
