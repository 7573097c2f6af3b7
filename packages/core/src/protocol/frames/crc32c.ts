const POLYNOMIAL = 0x82f63b78
const TABLES = buildTables()

/** Four tables of the slicing-by-4 method: table `k` holds the remainder of a byte followed by `k` zero bytes. `[4 * 256]` */
function buildTables(): Uint32Array {
  const tables = new Uint32Array(4 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1
    tables[byte] = remainder
  }
  for (let slot = 256; slot < tables.length; slot++) {
    const before = tables[slot - 256] ?? 0
    tables[slot] = (before >>> 8) ^ (tables[before & 0xff] ?? 0)
  }
  return tables
}

const remainderOf = (slot: number): number => TABLES[slot] ?? 0

/**
 * CRC-32C (Castagnoli; RFC 3720 appendix B.4) of the bytes. Catches every burst of up to 32 bits.
 * @param before Checksum of the bytes before these, to continue it. Default 0: none.
 */
export function crc32c(bytes: Uint8Array, before = 0): number {
  let crc = ~before
  const whole = bytes.length & ~3
  for (let at = 0; at < whole; at += 4) {
    crc ^= (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
    crc =
      remainderOf(768 + (crc & 0xff)) ^
      remainderOf(512 + ((crc >>> 8) & 0xff)) ^
      remainderOf(256 + ((crc >>> 16) & 0xff)) ^
      remainderOf(crc >>> 24)
  }
  for (let at = whole; at < bytes.length; at++) crc = remainderOf((crc ^ (bytes[at] ?? 0)) & 0xff) ^ (crc >>> 8)
  return ~crc >>> 0
}
