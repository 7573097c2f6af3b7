import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { z } from 'zod'
import { quoted } from '../weights/gguf/refusal.ts'
import type { Architecture } from './architecture.ts'
import { gpt2 } from './gpt2.ts'
import { llama } from './llama.ts'
import { mistral } from './mistral.ts'
import type { ModelConfig } from './model-config.ts'
import { qwen2 } from './qwen2.ts'
import { qwen3 } from './qwen3.ts'

/** Every family that the engines can run. A new one is one file beside `llama.ts` and one entry here. */
const architectures: readonly Architecture[] = [llama, mistral, qwen2, qwen3, gpt2]

/**
 * Reads `config.json` (and the end-of-text tokens of `generation_config.json`, which override it) of a model folder.
 *
 * @throws DsdError in one line when the folder or file is missing, the architecture is not supported, or a field is wrong
 */
export async function readModelConfig(dir: string): Promise<ModelConfig> {
  const where = join(dir, 'config.json')
  const json = await readFile(where, 'utf8').catch((cause: unknown) => {
    throw new DsdError('there is no model here', {
      kind: 'bad-input',
      where: dir,
      fix: 'name a folder that holds config.json, tokenizer.json and safetensors weights',
      cause,
    })
  })
  const config = parseModelConfig(json, where)
  const eos = await generationEos(dir)
  return eos.length > 0 ? { ...config, eos } : config
}

/** @throws DsdError in one line, as `readModelConfig` */
export function parseModelConfig(json: string, where: string): ModelConfig {
  let raw: unknown
  try {
    raw = JSON.parse(json)
  } catch (cause) {
    throw new DsdError('not valid JSON', { kind: 'bad-input', where, cause })
  }
  return configOf(raw, where)
}

/**
 * Reads a parsed config.json, or what stands for it.
 *
 * @param where file to name when something is wrong
 * @throws DsdError in one line, as `readModelConfig`
 */
export function configOf(raw: unknown, where: string): ModelConfig {
  const bad = (message: string, cause?: unknown): DsdError => new DsdError(message, { kind: 'bad-input', where, cause })
  const head = headSchema.safeParse(raw)
  if (!head.success) throw bad('model_type is missing')
  const { model_type: modelType, quantization_config: quantised } = head.data
  const architecture = architectures.find((known) => known.modelType === modelType)
  if (architecture === undefined) {
    const known = architectures.map((family) => family.modelType).join(', ')
    throw bad(`architecture ${quoted(modelType)} is not supported (only ${known})`)
  }
  if (quantised != null)
    throw bad(`quantisation ${quoted(quantised.quant_method)} is not supported in safetensors files`)
  try {
    return architecture.parse(raw)
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause
    const issues = cause.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw bad(issues.join('; '), cause)
  }
}

const headSchema = z.object({
  model_type: z.string(),
  quantization_config: z.looseObject({ quant_method: z.string().default('of an unknown method') }).nullish(),
})

const generationSchema = z.object({
  eos_token_id: z
    .union([
      z
        .number()
        .int()
        .transform((id) => [id]),
      z.array(z.number().int()),
    ])
    .nullish(),
})

async function generationEos(dir: string): Promise<readonly number[]> {
  const where = join(dir, 'generation_config.json')
  const json = await readFile(where, 'utf8').catch(() => undefined)
  if (json === undefined) return []
  try {
    return generationSchema.parse(JSON.parse(json)).eos_token_id ?? []
  } catch (cause) {
    throw new DsdError('eos_token_id must be a token id or a list of them', { kind: 'bad-input', where, cause })
  }
}
