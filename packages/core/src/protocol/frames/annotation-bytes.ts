import {
  type Annotation,
  IMPORTANCE_REASONS,
  type ImportanceReason,
  TOKEN_ORIGINS,
} from '../../verification/annotation.ts'
import { type ByteReader, Malformed } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'

/** `origin u8, present u8, reasons u16, importance f32, entropy f32, margin f32` */
export const ANNOTATION_BYTES = 16
const HAS = { importance: 1, reasons: 2, entropyNats: 4, marginNats: 8 } as const

export function writeAnnotation(writer: ByteWriter, annotation: Annotation): void {
  const { origin, importance, reasons, entropyNats, marginNats } = annotation
  const present =
    (importance === undefined ? 0 : HAS.importance) |
    (reasons === undefined ? 0 : HAS.reasons) |
    (entropyNats === undefined ? 0 : HAS.entropyNats) |
    (marginNats === undefined ? 0 : HAS.marginNats)
  writer
    .u8(TOKEN_ORIGINS.indexOf(origin))
    .u8(present)
    .u16(bitsOf(reasons ?? []))
  writer
    .f32(importance ?? 0)
    .f32(entropyNats ?? 0)
    .f32(marginNats ?? 0)
}

export function readAnnotation(reader: ByteReader): Annotation {
  const origin = TOKEN_ORIGINS[reader.u8()]
  const present = reader.u8()
  const reasons = reader.u16()
  const [importance, entropyNats, marginNats] = [reader.f32(), reader.f32(), reader.f32()]
  if (origin === undefined || present > 15) throw new Malformed('an annotation of no known kind')
  return {
    origin,
    ...((present & HAS.importance) === 0 ? {} : { importance }),
    ...((present & HAS.reasons) === 0 ? {} : { reasons: reasonsOf(reasons) }),
    ...((present & HAS.entropyNats) === 0 ? {} : { entropyNats }),
    ...((present & HAS.marginNats) === 0 ? {} : { marginNats }),
  }
}

function bitsOf(reasons: readonly ImportanceReason[]): number {
  return reasons.reduce((bits, reason) => bits | (1 << IMPORTANCE_REASONS.indexOf(reason)), 0)
}

function reasonsOf(bits: number): ImportanceReason[] {
  return IMPORTANCE_REASONS.filter((_, bit) => (bits & (1 << bit)) !== 0)
}
