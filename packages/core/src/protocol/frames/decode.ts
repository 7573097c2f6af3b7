import { DsdError } from '../../errors.ts'
import { ByteReader, Malformed } from './byte-reader.ts'
import { crc32c } from './crc32c.ts'
import type { Frame, RoundId } from './frame.ts'
import { CHECKSUM_AT, HEADER_BYTES, type Header, PROTOCOL_VERSION, readHeader } from './header.ts'
import { type FrameLimits, largestFrameBytes } from './limits.ts'
import { readNack, readStatus } from './report-body.ts'
import { readVerdict } from './verdict-body.ts'
import { readWindow } from './window-body.ts'

/** Decoding answers, it never throws: a link lives on after a bad frame. */
export type Decoded =
  | { readonly ok: true; readonly frame: Frame }
  | {
      readonly ok: false
      /** One line: what is wrong. */
      readonly detail: string
      /** As far as the header could be read; not to be trusted, good enough to address a refusal. */
      readonly round: RoundId | undefined
    }

/** Says whether the bytes are those that were sent. */
export type IntegrityCheck = (bytes: Uint8Array, header: Header) => boolean

/** Checks length, magic number, version, checksum and every range before it allocates for the body. */
export function decodeFrame(bytes: Uint8Array, limits: FrameLimits, isIntact: IntegrityCheck = checksumHolds): Decoded {
  const largest = largestFrameBytes(limits)
  if (bytes.length < HEADER_BYTES) return refused(`${bytes.length} bytes are no frame`)
  if (bytes.length > largest) return refused(`${bytes.length} bytes are more than the limit ${largest}`)
  const reader = new ByteReader(bytes)
  const header = readHeader(reader)
  if (header === undefined) return refused('the magic number is missing')
  if (header.version !== PROTOCOL_VERSION) {
    return refused(`protocol version ${header.version} is not spoken here, ${PROTOCOL_VERSION} is`, header)
  }
  const bodyBytes = bytes.length - HEADER_BYTES
  if (header.bodyBytes !== bodyBytes) return refused(`a body of ${bodyBytes} bytes, not ${header.bodyBytes}`, header)
  if (!isIntact(bytes, header)) return refused('the checksum does not match', header)
  try {
    const frame = readBody(reader, header, limits)
    reader.end()
    return { ok: true, frame }
  } catch (error) {
    if (error instanceof Malformed || error instanceof DsdError) return refused(error.message, header)
    throw error
  }
}

export const checksumHolds: IntegrityCheck = (bytes, header) => {
  const before = crc32c(bytes.subarray(0, CHECKSUM_AT))
  const zeroed = crc32c(new Uint8Array(HEADER_BYTES - CHECKSUM_AT), before)
  return crc32c(bytes.subarray(HEADER_BYTES), zeroed) === header.checksum
}

function readBody(reader: ByteReader, header: Header, limits: FrameLimits): Frame {
  const { gen, session, term, epoch, seq } = header
  switch (header.type) {
    case 'window':
      return readWindow(reader, header, limits)
    case 'verdict':
      return readVerdict(reader, header, limits)
    case 'status':
      return readStatus(reader, header)
    case 'nack':
      return readNack(reader, header)
    case 'cancel':
    case 'close':
    case 'survey':
      return { type: header.type, gen, session, term, epoch, seq }
    case undefined:
      throw new Malformed('a frame of no known type')
  }
}

function refused(detail: string, header?: Header): Decoded {
  if (header === undefined) return { ok: false, detail, round: undefined }
  const { gen, session, term, epoch, seq } = header
  return { ok: false, detail, round: { gen, session, term, epoch, seq } }
}
