import type { DsdErrorKind } from '../../errors.ts'
import { type ByteReader, Malformed } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { NACK_REASONS, type NackFrame, type NodeReport, type StatusFrame } from './frame.ts'
import type { Header } from './header.ts'
import { LONGEST_LADDER, LONGEST_TEXT_BYTES } from './limits.ts'

const KINDS = [
  'protocol',
  'bad-input',
  'environment',
  'numeric',
  'interrupted',
] as const satisfies readonly DsdErrorKind[]
const text = { encode: new TextEncoder(), decode: new TextDecoder() }

/** `node u16, rungs u16, boot u32, length u32, (position u32, digest u64)[rungs]` */
const reportBytes = ({ ladder }: NodeReport): number => 12 + 12 * ladder.length

export function statusBodyBytes(frame: StatusFrame): number {
  return reportBytes(frame) + 5
}

export function nackBodyBytes(frame: NackFrame): number {
  return reportBytes(frame) + 4 + detailBytes(frame.detail).length
}

export function writeStatus(writer: ByteWriter, frame: StatusFrame): void {
  writeReport(writer, frame)
  writer.u32(frame.survey).u8(frame.open ? 1 : 0)
}

export function writeNack(writer: ByteWriter, frame: NackFrame): void {
  const detail = detailBytes(frame.detail)
  writeReport(writer, frame)
  writer.u8(NACK_REASONS.indexOf(frame.reason)).u8(KINDS.indexOf(frame.kind)).u16(detail.length).raw(detail)
}

export function readStatus(reader: ByteReader, header: Header): StatusFrame {
  return { type: 'status', ...roundOf(header), ...readReport(reader), survey: reader.u32(), open: reader.u8() === 1 }
}

export function readNack(reader: ByteReader, header: Header): NackFrame {
  const report = readReport(reader)
  const reason = NACK_REASONS[reader.u8()]
  const kind = KINDS[reader.u8()]
  if (reason === undefined || kind === undefined) throw new Malformed('a refusal for no known reason')
  const detail = text.decode.decode(reader.raw(reader.u16()))
  return { type: 'nack', ...roundOf(header), ...report, reason, kind, detail }
}

function detailBytes(detail: string): Uint8Array {
  return text.encode.encode(detail).subarray(0, LONGEST_TEXT_BYTES)
}

function roundOf({ gen, session, term, epoch, seq }: Header) {
  return { gen, session, term, epoch, seq }
}

function writeReport(writer: ByteWriter, { node, boot, length, ladder }: NodeReport): void {
  writer.u16(node).u16(ladder.length).u32(boot).u32(length)
  for (const { position, digest } of ladder) writer.u32(position).u64(digest)
}

function readReport(reader: ByteReader): NodeReport {
  const node = reader.u16()
  const rungs = reader.u16()
  const boot = reader.u32()
  const length = reader.u32()
  if (rungs > LONGEST_LADDER) throw new Malformed(`a ladder of ${rungs} digests`)
  const ladder = Array.from({ length: rungs }, () => ({ position: reader.u32(), digest: reader.u64() }))
  return { node, boot, length, ladder }
}
