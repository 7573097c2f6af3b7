import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PURPOSE, uniformField } from '@dsd-lab/core'
import { safetensors } from '../weights/safetensors-bytes.ts'

const VOCAB = 48
const POSITIONS = 32
const LAYERS = 2

/** A folder with a small GPT-2 of random weights, its heads `hidden / heads` wide. */
export async function randomGpt2({ hidden, heads }: { readonly hidden: number; readonly heads: number }) {
  const dir = await mkdtemp(join(tmpdir(), 'dsd-gpt2-'))
  const config = {
    model_type: 'gpt2',
    vocab_size: VOCAB,
    n_embd: hidden,
    n_layer: LAYERS,
    n_head: heads,
    n_positions: POSITIONS,
  }
  const tensors = shapes(hidden).map(([name, ...shape], position) => {
    const noise = uniformField({ seed: 5, purpose: PURPOSE.WORKLOAD, sequence: 0, position })
    const count = shape.reduce((product, size) => product * size, 1)
    const values = Float32Array.from({ length: count }, (_, i) => 2 * noise.at(i) - 1)
    return { name, dtype: 'F32', shape, values } as const
  })
  await writeFile(join(dir, 'config.json'), JSON.stringify(config))
  await writeFile(join(dir, 'model.safetensors'), safetensors(tensors))
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) }
}

type Shape = readonly [name: string, ...shape: number[]]

const norm = (name: string, size: number): Shape[] => [
  [`${name}.weight`, size],
  [`${name}.bias`, size],
]

const matrix = (name: string, from: number, to: number): Shape[] => [
  [`${name}.weight`, from, to],
  [`${name}.bias`, to],
]

const shapes = (hidden: number): Shape[] => [
  ['wte.weight', VOCAB, hidden],
  ['wpe.weight', POSITIONS, hidden],
  ...Array.from({ length: LAYERS }, (_, layer) => [
    ...norm(`h.${layer}.ln_1`, hidden),
    ...matrix(`h.${layer}.attn.c_attn`, hidden, 3 * hidden),
    ...matrix(`h.${layer}.attn.c_proj`, hidden, hidden),
    ...norm(`h.${layer}.ln_2`, hidden),
    ...matrix(`h.${layer}.mlp.c_fc`, hidden, 4 * hidden),
    ...matrix(`h.${layer}.mlp.c_proj`, 4 * hidden, hidden),
  ]).flat(),
  ...norm('ln_f', hidden),
]
