import { bytes, concatenate, type Field, float, integer, integers, message, text } from './wire.ts'

/** `TensorProto.DataType` of onnx.proto. */
const elementTypes = { float32: 1, uint8: 2, int32: 6, int64: 7, bfloat16: 16, float16: 10 } as const
export type ElementType = keyof typeof elementTypes

/** A named size is free: it may differ from run to run. */
export type Dimension = number | string

export interface ValueInfo {
  readonly name: string
  readonly type: ElementType
  readonly shape: readonly Dimension[]
  /** A sequence of such tensors. */
  readonly sequence?: boolean
}

/** `int` for whole numbers, `float` for the rest: a number alone does not say which of the two an operator wants. */
export type Attribute = { readonly int: number } | { readonly float: number } | { readonly ints: readonly number[] }

export interface Node {
  readonly operator: string
  /** Empty for the standard operators. */
  readonly domain?: string
  /** An empty name is an optional input left out. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes?: Readonly<Record<string, Attribute>>
}

/** A constant. Its values stand in the model itself, or in a file beside it that is mapped into memory. */
export interface Initializer {
  readonly name: string
  readonly type: ElementType
  readonly shape: readonly number[]
  readonly values:
    | { readonly kind: 'inline'; readonly bytes: Uint8Array }
    | { readonly kind: 'external'; readonly file: string; readonly offset: number; readonly byteLength: number }
}

export interface Graph {
  readonly nodes: readonly Node[]
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  readonly initializers: readonly Initializer[]
}

const IR_VERSION = 10
const OPSETS = [
  ['', 21],
  ['com.microsoft', 1],
] as const

/** A `ModelProto` in bytes; the numbers are the field numbers of onnx.proto. */
export function encodeModel({ nodes, inputs, outputs, initializers }: Graph): Uint8Array<ArrayBuffer> {
  return concatenate([
    integer(1, IR_VERSION),
    text(2, 'dsd-lab'),
    ...OPSETS.map(([domain, version]) => message(8, [text(1, domain), integer(2, version)])),
    message(7, [
      ...nodes.map((node) => message(1, encodeNode(node))),
      text(2, 'layers'),
      ...initializers.map((initializer) => message(5, encodeInitializer(initializer))),
      ...inputs.map((input) => message(11, encodeValueInfo(input))),
      ...outputs.map((output) => message(12, encodeValueInfo(output))),
    ]),
  ])
}

function encodeNode({ operator, domain = '', inputs, outputs, attributes = {} }: Node): Field[] {
  return [
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, operator),
    ...Object.entries(attributes).map(([name, attribute]) => message(5, encodeAttribute(name, attribute))),
    text(7, domain),
  ]
}

function encodeAttribute(name: string, attribute: Attribute): Field[] {
  if ('int' in attribute) return [text(1, name), integer(3, attribute.int), integer(20, 2)]
  if ('float' in attribute) return [text(1, name), float(2, attribute.float), integer(20, 1)]
  return [text(1, name), integers(8, attribute.ints), integer(20, 7)]
}

function encodeInitializer({ name, type, shape, values }: Initializer): Field[] {
  const head = [integers(1, shape), integer(2, elementTypes[type]), text(8, name)]
  if (values.kind === 'inline') return [...head, bytes(9, values.bytes)]
  const entry = (key: string, value: string): Field => message(13, [text(1, key), text(2, value)])
  return [
    ...head,
    entry('location', values.file),
    entry('offset', String(values.offset)),
    entry('length', String(values.byteLength)),
    integer(14, 1),
  ]
}

function encodeValueInfo({ name, type, shape, sequence = false }: ValueInfo): Field[] {
  const dimensions = shape.map((size) => message(1, [typeof size === 'number' ? integer(1, size) : text(2, size)]))
  const tensor = message(1, [integer(1, elementTypes[type]), message(2, dimensions)])
  return [text(1, name), message(2, sequence ? [message(4, [message(1, [tensor])])] : [tensor])]
}
