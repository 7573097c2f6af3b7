import { isReadable, type ReadableType, readableTypes } from './dequantise/dequantise.ts'
import type { GgufFile } from './gguf-file.ts'
import { quoted, refusal } from './refusal.ts'
import { ROPE_FACTORS } from './rope-facts.ts'
import type { TensorEntry } from './tensor-entry.ts'
import type { OptionalPart, TensorLayout, TensorRule } from './tensor-rule.ts'
import { tensorFormats } from './tensor-types.ts'

/** One weight, by its Hugging Face name, and the tensor it is read from. */
export interface GgufWeight {
  readonly name: string
  /** As Hugging Face has it, row major. */
  readonly shape: readonly number[]
  readonly type: ReadableType
  readonly layout: TensorLayout
  readonly stored: TensorEntry
}

export interface WeightMap {
  readonly weights: ReadonlyMap<string, GgufWeight>
  /** Parts that this model has. */
  readonly parts: ReadonlySet<OptionalPart>
}

/**
 * Matches the tensors of a file to those of its architecture.
 *
 * @throws DsdError naming the tensor that is missing, of another shape, in a number format that cannot be read, or unknown
 */
export function mapWeights(file: GgufFile, rules: readonly TensorRule[]): WeightMap {
  const parts = new Set<OptionalPart>()
  for (const { part, stored } of rules) if (part !== undefined && file.tensors.has(stored)) parts.add(part)

  const weights = new Map<string, GgufWeight>()
  const known = new Set([ROPE_FACTORS])
  for (const rule of rules) {
    known.add(rule.stored)
    if (rule.part === undefined || parts.has(rule.part)) weights.set(rule.name, weightOf(file, rule))
  }
  for (const name of file.tensors.keys()) {
    if (!known.has(name))
      throw refusal(file.path, `tensor ${quoted(name)} belongs to no part of this architecture that is supported`)
  }
  return { weights, parts }
}

function weightOf(file: GgufFile, { stored: storedName, name, shape, layout }: TensorRule): GgufWeight {
  const stored = file.tensor(storedName)
  const expected = layout.kind === 'transposed' ? shape.toReversed() : shape
  if (stored.shape.join() !== expected.join()) {
    throw refusal(
      file.path,
      `tensor ${storedName} has shape [${stored.shape.join(', ')}], not [${expected.join(', ')}]`,
    )
  }
  if (!isReadable(stored.type)) {
    throw refusal(file.path, `tensor ${storedName} is stored as ${stored.type}, which is not supported`, {
      fix: `use a file quantised to ${readableTypes.join(', ')}`,
    })
  }
  if (layout.kind === 'rotary-pairs' && shape.length === 1 && tensorFormats[stored.type].blockSize > 1) {
    throw refusal(file.path, `bias ${storedName} is stored as ${stored.type}; biases are not quantised`)
  }
  return { name, shape, type: stored.type, layout, stored }
}
