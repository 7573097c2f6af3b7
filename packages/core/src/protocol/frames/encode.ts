import { ByteWriter } from './byte-writer.ts'
import { crc32c } from './crc32c.ts'
import type { Frame } from './frame.ts'
import { CHECKSUM_AT, HEADER_BYTES, packFlags, writeHeader } from './header.ts'
import { nackBodyBytes, statusBodyBytes, writeNack, writeStatus } from './report-body.ts'
import { sizeOfVerdict, verdictBodyBytes, verdictFlags, writeVerdict } from './verdict-body.ts'
import { sizeOfWindow, windowBodyBytes, windowFlags, writeWindow } from './window-body.ts'

/** Size of the frame on the wire, known before it is encoded: a link plans its delay by it. */
export function frameBytes(frame: Frame): number {
  return HEADER_BYTES + bodyBytes(frame)
}

/** The frame as one message: header of 40 bytes, body, all little endian, checksum over both. */
export function encodeFrame(frame: Frame): Uint8Array {
  const size = bodyBytes(frame)
  const writer = new ByteWriter(HEADER_BYTES + size)
  const start = 'start' in frame ? frame.start : 0
  writeHeader(writer, { ...frame, start, bodyBytes: size, flags: flagsOf(frame) })
  writeBody(writer, frame)
  new DataView(writer.bytes.buffer).setUint32(CHECKSUM_AT, crc32c(writer.bytes), true)
  return writer.bytes
}

function bodyBytes(frame: Frame): number {
  switch (frame.type) {
    case 'window':
      return windowBodyBytes(sizeOfWindow(frame))
    case 'verdict':
      return verdictBodyBytes(sizeOfVerdict(frame))
    case 'status':
      return statusBodyBytes(frame)
    case 'nack':
      return nackBodyBytes(frame)
    case 'cancel':
    case 'close':
    case 'survey':
      return 0
  }
}

function flagsOf(frame: Frame): number {
  if (frame.type === 'window') return packFlags(windowFlags(frame), frame.trailer.length)
  if (frame.type === 'verdict') return packFlags(verdictFlags(frame), frame.trailer.length)
  return 0
}

function writeBody(writer: ByteWriter, frame: Frame): void {
  if (frame.type === 'window') writeWindow(writer, frame)
  else if (frame.type === 'verdict') writeVerdict(writer, frame)
  else if (frame.type === 'status') writeStatus(writer, frame)
  else if (frame.type === 'nack') writeNack(writer, frame)
}
