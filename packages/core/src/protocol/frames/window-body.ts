import { decodeLaw, encodeLaw, lawBytes } from '../../distribution/law-bytes.ts'
import {
  type ActivationFormat,
  activationBytes,
  formatOf,
  kindOf,
  readActivations,
  writeActivations,
} from './activations.ts'
import { type ByteReader, Malformed } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { WindowFrame } from './frame.ts'
import { FLAG, type Header, stagesOf } from './header.ts'
import { type FrameLimits, WINDOW_FIELDS_BYTES } from './limits.ts'
import { readTrailer, TRAILER_BYTES, writeTrailer } from './trailer.ts'

/** Shape of the window: 0 chain. */
const SHAPE_CHAIN = 0

/** What decides the size of a window besides its rows. */
export interface WindowSize {
  readonly rows: number
  /** 0 between coordinator and head. */
  readonly hiddenSize: number
  /** Nodes passed. */
  readonly stages: number
  /** Default `f32`. */
  readonly activations?: ActivationFormat | undefined
  /** Bytes of the OPEN section with its length, and of the laws. Default 0. */
  readonly extraBytes?: number
}

/** `m u16, forced u16, settled u32, pre u64, post u64, actDtype u8, shape u8, nKeep u16, ids u32[m], ...` */
export function windowBodyBytes({ rows, hiddenSize, stages, activations = 'f32', extraBytes = 0 }: WindowSize): number {
  const hiddenBytes = activationBytes(activations, { rows, hiddenSize })
  return WINDOW_FIELDS_BYTES + 4 * rows + extraBytes + hiddenBytes + TRAILER_BYTES * stages
}

/** Bytes that a window carries besides rows: its OPEN section and its laws. */
export function windowExtraBytes({ open, laws }: Pick<WindowFrame, 'open' | 'laws'>): number {
  return (open === undefined ? 0 : 2 + open.length) + (laws ?? []).reduce((sum, law) => sum + lawBytes(law), 0)
}

export function sizeOfWindow(frame: WindowFrame): WindowSize {
  return {
    rows: frame.ids.length,
    hiddenSize: (frame.hidden?.length ?? 0) / frame.ids.length,
    stages: frame.trailer.length,
    activations: frame.activations,
    extraBytes: windowExtraBytes(frame),
  }
}

export function windowFlags(frame: WindowFrame): number {
  return (
    (frame.newEpoch ? FLAG.NEW_EPOCH : 0) |
    (frame.open === undefined ? 0 : FLAG.OPEN) |
    (frame.laws === undefined ? 0 : FLAG.LAWS) |
    (frame.hidden === undefined ? 0 : FLAG.HIDDEN)
  )
}

export function writeWindow(writer: ByteWriter, frame: WindowFrame): void {
  writer.u16(frame.ids.length).u16(frame.forced).u32(frame.settled).u64(frame.pre).u64(frame.post)
  writer
    .u8(kindOf(frame.hidden && (frame.activations ?? 'f32')))
    .u8(SHAPE_CHAIN)
    .u16(0)
    .u32s(frame.ids)
  if (frame.open !== undefined) writer.u16(frame.open.length).raw(frame.open)
  for (const law of frame.laws ?? []) writer.raw(encodeLaw(law))
  if (frame.hidden !== undefined) {
    writeActivations(writer, frame.hidden, { format: frame.activations ?? 'f32', rows: frame.ids.length })
  }
  writeTrailer(writer, frame.trailer)
}

export function readWindow(reader: ByteReader, header: Header, limits: FrameLimits): WindowFrame {
  const rows = reader.u16()
  const forced = reader.u16()
  if (rows === 0 || rows > limits.maxRows) throw new Malformed(`${rows} rows are not in 1..${limits.maxRows}`)
  if (forced > rows) throw new Malformed(`${forced} of ${rows} rows are forced`)
  if (header.start + rows > limits.maxLength) {
    throw new Malformed(`rows end at ${header.start + rows}, beyond the length limit ${limits.maxLength}`)
  }
  const settled = reader.u32()
  const pre = reader.u64()
  const post = reader.u64()
  const activations = formatOf(reader.u8())
  const shape = reader.u8()
  const kept = reader.u16()
  const hasHidden = (header.flags & FLAG.HIDDEN) !== 0
  if ((activations !== undefined) !== hasHidden) throw new Malformed('activations and their flag contradict each other')
  if (shape !== SHAPE_CHAIN || kept !== 0) throw new Malformed('only chain windows are spoken here')
  const ids = reader.u32s(rows)
  const stranger = ids.find((id) => id >= limits.vocabSize)
  if (stranger !== undefined) throw new Malformed(`token ${stranger} is not below the vocabulary ${limits.vocabSize}`)
  return {
    type: 'window',
    gen: header.gen,
    session: header.session,
    term: header.term,
    epoch: header.epoch,
    seq: header.seq,
    start: header.start,
    newEpoch: (header.flags & FLAG.NEW_EPOCH) !== 0,
    forced,
    settled,
    pre,
    post,
    ids,
    ...((header.flags & FLAG.OPEN) === 0 ? {} : { open: reader.raw(reader.u16()) }),
    ...((header.flags & FLAG.LAWS) === 0 ? {} : { laws: readLaws(reader, rows - forced - 1, limits.vocabSize) }),
    ...(activations === undefined
      ? {}
      : { hidden: readActivations(reader, { format: activations, rows, hiddenSize: limits.hiddenSize }) }),
    ...(activations === undefined || activations === 'f32' ? {} : { activations }),
    trailer: readTrailer(reader, stagesOf(header.flags)),
  }
}

function readLaws(reader: ByteReader, drafts: number, vocabSize: number) {
  return Array.from({ length: Math.max(drafts, 0) }, () =>
    reader.with((bytes, offset) => {
      const { law, byteLength } = decodeLaw({ bytes, offset, vocabSize })
      return { value: law, byteLength }
    }),
  )
}
