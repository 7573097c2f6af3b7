import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { FrameType, RoundId } from './frame.ts'

export const MAGIC = 0xd5d1
/** Version of the frames; a node refuses every other by name. */
export const PROTOCOL_VERSION = 1
export const HEADER_BYTES = 40
/** Where the checksum of the frame stands, itself counted as zero. */
export const CHECKSUM_AT = 36

/** Types in the order of their codes, from 1. */
const TYPES = [
  'window',
  'verdict',
  'cancel',
  'close',
  'survey',
  'status',
  'nack',
] as const satisfies readonly FrameType[]

export const FLAG = {
  NEW_EPOCH: 1 << 0,
  OPEN: 1 << 1,
  LAWS: 1 << 2,
  HIDDEN: 1 << 3,
  ANNOTATED: 1 << 4,
} as const
const STAGES_SHIFT = 16

/** `magic u16, version u8, type u8, bodyLen u32, gen u32, session u32, term u32, epoch u32, seq u32, start u32, flags u32, crc u32` */
export interface Header extends RoundId {
  readonly version: number
  /** Undefined for a code of no type. */
  readonly type: FrameType | undefined
  readonly bodyBytes: number
  readonly start: number
  readonly flags: number
  readonly checksum: number
}

/** Flags and the number of stage trailers share one word. */
export function packFlags(flags: number, stages: number): number {
  return (flags | (stages << STAGES_SHIFT)) >>> 0
}

export function stagesOf(flags: number): number {
  return (flags >>> STAGES_SHIFT) & 0xff
}

/** Leaves the checksum zero. */
export function writeHeader(
  writer: ByteWriter,
  header: Omit<Header, 'version' | 'checksum'> & { type: FrameType },
): void {
  writer
    .u16(MAGIC)
    .u8(PROTOCOL_VERSION)
    .u8(TYPES.indexOf(header.type) + 1)
    .u32(header.bodyBytes)
  writer.u32s([header.gen, header.session, header.term, header.epoch, header.seq, header.start, header.flags, 0])
}

/** Undefined when the magic number is missing. */
export function readHeader(reader: ByteReader): Header | undefined {
  if (reader.u16() !== MAGIC) return undefined
  const version = reader.u8()
  const type = TYPES[reader.u8() - 1]
  const bodyBytes = reader.u32()
  const [gen = 0, session = 0, term = 0, epoch = 0, seq = 0, start = 0, flags = 0, checksum = 0] = reader.u32s(8)
  return { version, type, bodyBytes, gen, session, term, epoch, seq, start, flags, checksum }
}
