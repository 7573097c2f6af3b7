import { cpSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** Copies of bundled models, each with one thing wrong. */
export interface BrokenModels {
  /** The draft model with two tokens of its vocabulary swapped. */
  readonly otherTokens: string
  /** The target with its weight file cut short. */
  readonly truncated: string
  /** The target under the name of an architecture that nobody implements. */
  readonly strange: string
}

/** Makes them in a folder. */
export function breakModels(folder: string): BrokenModels {
  const copy = (name: string): string => {
    const made = mkdtempSync(join(folder, 'model-'))
    cpSync(fileURLToPath(new URL(`../../../node-runtime/bundled/${name}`, import.meta.url)), made, { recursive: true })
    return made
  }
  const broken = { otherTokens: copy('lab-draft'), truncated: copy('lab-target'), strange: copy('lab-target') }
  swapTwoTokens(join(broken.otherTokens, 'tokenizer.json'))
  truncateSync(join(broken.truncated, 'model.safetensors'), 100_000)
  renameArchitecture(join(broken.strange, 'config.json'))
  return broken
}

const tokenizerFile = z.looseObject({ model: z.looseObject({ vocab: z.record(z.string(), z.number()) }) })

function swapTwoTokens(path: string): void {
  const file = tokenizerFile.parse(JSON.parse(readFileSync(path, 'utf8')))
  const { vocab } = file.model
  const [one = '', other = ''] = Object.keys(vocab).slice(300, 302)
  const swapped = { ...vocab, [one]: vocab[other], [other]: vocab[one] }
  writeFileSync(path, JSON.stringify({ ...file, model: { ...file.model, vocab: swapped } }))
}

function renameArchitecture(path: string): void {
  const config = readFileSync(path, 'utf8')
    .replace('LlamaForCausalLM', 'MambaForCausalLM')
    .replace('"llama"', '"mamba"')
  writeFileSync(path, config)
}
