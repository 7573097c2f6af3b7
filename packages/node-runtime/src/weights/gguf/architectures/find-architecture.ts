import type { GgufFile } from '../gguf-file.ts'
import { quoted, refusal } from '../refusal.ts'
import type { Architecture } from './architecture.ts'
import { gpt2 } from './gpt2.ts'
import { llama } from './llama.ts'
import { qwen2 } from './qwen2.ts'
import { qwen3 } from './qwen3.ts'

/** Every family whose GGUF files can be read. A new one is one file beside these and one entry here. */
const architectures: readonly Architecture[] = [llama, qwen2, qwen3, gpt2]

/** Metadata that change the computation in ways no engine here knows; the value at which a key changes nothing. */
const harmless: readonly (readonly [key: string, value: number])[] = [
  ['expert_count', 0],
  ['logit_scale', 1],
  ['residual_scale', 1],
  ['embedding_scale', 1],
  ['attention.scale', 0],
  ['rope.scaling.attn_factor', 1],
  ['attn_logit_softcapping', 0],
  ['final_logit_softcapping', 0],
  ['attention.clamp_kqv', 0],
  ['attention.max_alibi_bias', 0],
]

/**
 * The architecture that a file's metadata name.
 *
 * @throws DsdError naming the architecture, or the trait, that is not supported; no weight has been read by then
 */
export function findArchitecture({ path, metadata }: GgufFile): Architecture {
  const parts = metadata.size('split.count') ?? 1
  if (parts > 1) {
    throw refusal(path, `this is one of ${parts} parts of a split model`, {
      fix: 'merge them with llama-gguf-split --merge',
    })
  }
  const kind = metadata.text('general.type') ?? 'model'
  if (kind !== 'model') throw refusal(path, `the file holds ${quoted(kind)}, not a model`)
  const name = metadata.text('general.architecture')
  if (name === undefined) throw refusal(path, 'general.architecture is missing: this is no model')
  const found = architectures.find((known) => known.name === name)
  if (found === undefined) {
    const known = architectures.map((family) => family.name).join(', ')
    throw refusal(path, `architecture ${quoted(name)} is not supported (only ${known})`)
  }
  for (const [key, value] of harmless) {
    const set = metadata.real(`${name}.${key}`) ?? value
    if (set !== value) throw refusal(path, `${name} with ${key} = ${set} is not supported`)
  }
  if (metadata.flag(`${name}.attention.causal`) === false)
    throw refusal(path, 'attention that is not causal is not supported')
  return found
}
