import type { Attribute, ElementType, Graph, Initializer, Node, ValueInfo } from '../model-proto/onnx-proto.ts'

export interface OperatorCall {
  readonly operator: string
  /** `microsoft`: a contributed operator of onnxruntime. Default: a standard one. */
  readonly domain?: 'microsoft'
  readonly inputs: readonly string[]
  readonly attributes?: Readonly<Record<string, Attribute>>
  /** Names of the outputs; empty ones are not wanted. Default: one fresh name. */
  readonly outputs?: readonly string[]
}

/** Collects a graph; every value goes by its name. */
export class GraphBuilder {
  readonly #nodes: Node[] = []
  readonly #inputs: ValueInfo[] = []
  readonly #outputs: ValueInfo[] = []
  readonly #initializers = new Map<string, Initializer>()

  /** Adds a node and gives the name of its first output. */
  call({ operator, domain, inputs, attributes = {}, outputs = [this.fresh()] }: OperatorCall): string {
    this.#nodes.push({ operator, domain: domain === 'microsoft' ? 'com.microsoft' : '', inputs, outputs, attributes })
    return outputs[0] ?? ''
  }

  fresh(): string {
    return `t${this.#nodes.length}`
  }

  input(value: ValueInfo): string {
    this.#inputs.push(value)
    return value.name
  }

  output(value: ValueInfo): void {
    this.#outputs.push(value)
  }

  constant(initializer: Initializer): string {
    this.#initializers.set(initializer.name, initializer)
    return initializer.name
  }

  /** A vector, or with a shape any tensor, whose values stand in the model itself. */
  vector(name: string, values: Float32Array, shape: readonly number[] = [values.length]): string {
    return this.constant(inline(name, 'float32', values, shape))
  }

  /** Whole numbers that an operator takes as an input: a shape, axes. The same ones are kept once. */
  integers(...values: readonly number[]): string {
    return this.constant(inline(`i_${values.join('_')}`, 'int64', BigInt64Array.from(values, BigInt), [values.length]))
  }

  build(): Graph {
    return {
      nodes: this.#nodes,
      inputs: this.#inputs,
      outputs: this.#outputs,
      initializers: [...this.#initializers.values()],
    }
  }
}

function inline(
  name: string,
  type: ElementType,
  { buffer, byteOffset, byteLength }: Float32Array | BigInt64Array,
  shape: readonly number[],
): Initializer {
  return { name, type, shape, values: { kind: 'inline', bytes: new Uint8Array(buffer, byteOffset, byteLength) } }
}
