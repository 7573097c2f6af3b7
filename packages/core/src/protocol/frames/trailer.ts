import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { Frame, StageTrailer } from './frame.ts'

/** Queue, compute and link time, u32 microseconds each. */
export const TRAILER_BYTES = 12
const LONGEST_US = 0xffffffff

export function writeTrailer(writer: ByteWriter, trailer: readonly StageTrailer[]): void {
  for (const { queueUs, computeUs, linkUs } of trailer) {
    for (const us of [queueUs, computeUs, linkUs]) writer.u32(Math.min(Math.max(Math.round(us), 0), LONGEST_US))
  }
}

export function readTrailer(reader: ByteReader, stages: number): StageTrailer[] {
  return Array.from({ length: stages }, () => ({
    queueUs: reader.u32(),
    computeUs: reader.u32(),
    linkUs: reader.u32(),
  }))
}

/** The frame with the delay that its sender's outgoing link planned for it. */
export function withLinkDelay(frame: Frame, linkUs: number): Frame {
  if (frame.type !== 'window' && frame.type !== 'verdict') return frame
  const own = frame.trailer.at(-1)
  return own === undefined ? frame : { ...frame, trailer: [...frame.trailer.slice(0, -1), { ...own, linkUs }] }
}
