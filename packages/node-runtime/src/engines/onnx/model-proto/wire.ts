/**
 * The wire format of protocol buffers, as much of it as a model needs: a message is its fields one after the other, each a
 * tag (field number and wire type) and a value.
 */
export type Field = Uint8Array

const VARINT = 0
const LENGTH_DELIMITED = 2
const FIXED32 = 5

const utf8 = new TextEncoder()

export function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.byteLength
  }
  return all
}

/** Seven bits a byte, lowest first; a set top bit says that more follow. Negative numbers take ten bytes. */
function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  return Uint8Array.from([...bytes, Number(rest)])
}

const tag = (field: number, wireType: number): Uint8Array => varint(field * 8 + wireType)

export const integer = (field: number, value: number): Field => concatenate([tag(field, VARINT), varint(value)])

export const text = (field: number, value: string): Field => bytes(field, utf8.encode(value))

export const message = (field: number, fields: readonly Field[]): Field => bytes(field, concatenate(fields))

export const integers = (field: number, values: readonly number[]): Field =>
  concatenate(values.map((value) => integer(field, value)))

export function bytes(field: number, value: Uint8Array): Field {
  return concatenate([tag(field, LENGTH_DELIMITED), varint(value.byteLength), value])
}

export function float(field: number, value: number): Field {
  const stored = new Uint8Array(4)
  new DataView(stored.buffer).setFloat32(0, value, true)
  return concatenate([tag(field, FIXED32), stored])
}
