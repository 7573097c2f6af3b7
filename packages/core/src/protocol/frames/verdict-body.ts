import { ANNOTATION_BYTES, readAnnotation, writeAnnotation } from './annotation-bytes.ts'
import { type ByteReader, Malformed } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { VerdictFrame } from './frame.ts'
import { FLAG, type Header, stagesOf } from './header.ts'
import type { FrameLimits } from './limits.ts'
import { readTrailer, TRAILER_BYTES, writeTrailer } from './trailer.ts'

const FIELDS_BYTES = 24
const FULL = 1
const DEAD = 2
const MEASURED = 4

export interface VerdictSize {
  readonly nodes: number
  /** `accepted + 1` when the session asked for annotations, else 0. Default 0. */
  readonly annotations?: number
}

/** `n u16, vflags u16, next u32, pos u32, digest u64, margin f32, annotations, trailer` */
export function verdictBodyBytes({ nodes, annotations = 0 }: VerdictSize): number {
  return FIELDS_BYTES + ANNOTATION_BYTES * annotations + TRAILER_BYTES * nodes
}

export function sizeOfVerdict(frame: VerdictFrame): VerdictSize {
  return { nodes: frame.trailer.length, annotations: frame.annotations?.length ?? 0 }
}

export function verdictFlags(frame: VerdictFrame): number {
  return frame.annotations === undefined ? 0 : FLAG.ANNOTATED
}

export function writeVerdict(writer: ByteWriter, frame: VerdictFrame): void {
  const marks = (frame.full ? FULL : 0) | (frame.dead ? DEAD : 0) | (frame.marginNats === undefined ? 0 : MEASURED)
  writer
    .u16(frame.accepted)
    .u16(marks)
    .u32(frame.next)
    .u32(frame.position)
    .u64(frame.digest)
    .f32(frame.marginNats ?? 0)
  for (const annotation of frame.annotations ?? []) writeAnnotation(writer, annotation)
  writeTrailer(writer, frame.trailer)
}

export function readVerdict(reader: ByteReader, header: Header, limits: FrameLimits): VerdictFrame {
  const accepted = reader.u16()
  const marks = reader.u16()
  const next = reader.u32()
  const position = reader.u32()
  const digest = reader.u64()
  const marginNats = reader.f32()
  if (accepted >= limits.maxRows) throw new Malformed(`${accepted} drafts kept of at most ${limits.maxRows - 1}`)
  if (next >= limits.vocabSize) throw new Malformed(`token ${next} is not below the vocabulary ${limits.vocabSize}`)
  if (marks > 7) throw new Malformed('a verdict of no known kind')
  const annotated = (header.flags & FLAG.ANNOTATED) !== 0
  const annotations = annotated ? Array.from({ length: accepted + 1 }, () => readAnnotation(reader)) : undefined
  return {
    type: 'verdict',
    gen: header.gen,
    session: header.session,
    term: header.term,
    epoch: header.epoch,
    seq: header.seq,
    start: header.start,
    accepted,
    full: (marks & FULL) !== 0,
    dead: (marks & DEAD) !== 0,
    next,
    position,
    digest,
    ...((marks & MEASURED) === 0 ? {} : { marginNats }),
    ...(annotations === undefined ? {} : { annotations }),
    trailer: readTrailer(reader, stagesOf(header.flags)),
  }
}
