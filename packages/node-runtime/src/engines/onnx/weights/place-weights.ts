import { mkdir, realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { onDisk, requireSpace } from '../../../model-sources/disk.ts'
import type { MatrixTensor, ModelConfig, NormTensors } from '../../../models/model-config.ts'
import type { ModelSource } from '../../../models/model-source.ts'
import type { ModelWeights } from '../../../weights/model-weights.ts'
import type { LayerRange } from '../../decoder/decoder-weights.ts'
import type { Precision } from '../../precision.ts'
import { conversionFolder } from './cache-folder.ts'
import type { OnConvert } from './conversion-progress.ts'
import { noteSource, removeOrphans } from './conversions.ts'
import { type MatrixPlan, planHead, planLayer } from './matrix-plan.ts'
import type { PlacedHead, PlacedLayer, PlacedMatrix, PlacedNorm } from './placed-matrix.ts'
import { requireMemory } from './require-memory.ts'
import { isWritten, layOut, type SectionFile, writeSection } from './section-file.ts'

export interface WeightPlacement {
  /** All files of `layers` and `head` are in it. */
  readonly dir: string
  readonly layers: readonly PlacedLayer[]
  readonly head: PlacedHead | undefined
}

export interface PlacementRequest {
  readonly model: ModelSource
  readonly weights: ModelWeights
  readonly range: LayerRange
  readonly precision: Precision
  readonly onConvert?: OnConvert | undefined
  /** Ends a conversion; sections that are finished stay. */
  readonly signal?: AbortSignal | undefined
}

/** Makes the matrices of some layers ready to be mapped into memory; what was converted before is used again. */
export async function placeWeights(request: PlacementRequest): Promise<WeightPlacement> {
  const { model, weights, range, precision } = request
  const { config } = model
  const dir = await conversionFolder(model, precision)
  const planning = { config, weights, precision }
  const layerPlans = Array.from({ length: range.to - range.from }, (_, i) => planLayer(planning, range.from + i))
  const sections = layerPlans.map(({ queryKeyValue, output, feedForwardIn, down }, i) =>
    layOut(`layer-${range.from + i}.bin`, [...queryKeyValue, output, ...feedForwardIn, down]),
  )
  const headPlan = range.to === config.layers ? planHead(planning) : undefined
  const headSection = headPlan && layOut('head.bin', [headPlan])
  const all = headSection === undefined ? sections : [...sections, headSection]
  const bytes = all.reduce((sum, { byteLength }) => sum + byteLength, 0)
  requireMemory({ model: model.ref, layers: sections.length, bytes })
  await convert(dir, all, request)

  const read = readersOf(config, weights)
  const layers: PlacedLayer[] = []
  for (const [i, plan] of layerPlans.entries()) {
    const index = range.from + i
    const names = config.tensors.layer(index)
    const section = sections[i]
    const placed = (part: MatrixPlan): Promise<PlacedMatrix> => read.matrix(part, section, index)
    layers.push({
      window: config.window?.(index),
      attentionNorm: await read.norm(names.attentionNorm),
      queryKeyValue: await Promise.all(plan.queryKeyValue.map(placed)),
      queryNorm: await read.headNorm(names.queryNorm),
      keyNorm: await read.headNorm(names.keyNorm),
      output: await placed(plan.output),
      ffnNorm: await read.norm(names.ffnNorm),
      feedForwardIn: await Promise.all(plan.feedForwardIn.map(placed)),
      down: await placed(plan.down),
    })
  }
  const head = headPlan && {
    norm: await read.norm(config.tensors.finalNorm),
    logits: await read.matrix(headPlan, headSection, config.layers),
  }
  return { dir, layers, head }
}

async function convert(
  dir: string,
  all: readonly SectionFile[],
  { model, weights, onConvert, signal }: PlacementRequest,
): Promise<void> {
  const missing: SectionFile[] = []
  for (const section of all) if (!(await isWritten(dir, section))) missing.push(section)
  if (missing.length === 0) return
  const totalBytes = missing.reduce((sum, { byteLength }) => sum + byteLength, 0)
  await removeOrphans(dir)
  await requireSpace(dir, totalBytes)
  await onDisk(dir, async () => {
    await mkdir(dir, { recursive: true })
    await noteSource(dir, await sourcesOf(model))
  })
  const sections = missing.length
  let doneBytes = 0
  for (const [doneSections, section] of missing.entries()) {
    const onBytes = (count: number): void => {
      doneBytes += count
      onConvert?.({ doneSections, sections, doneBytes, totalBytes })
    }
    await writeSection(dir, section, { weights, onBytes, signal })
  }
  onConvert?.({ doneSections: sections, sections, doneBytes: totalBytes, totalBytes })
}

/** Weight files as the model names them, and where links lead. */
async function sourcesOf({ weightFiles }: ModelSource): Promise<string[]> {
  const paths = await Promise.all(weightFiles.map(async ({ path }) => [resolve(path), await realpath(path)]))
  return [...new Set(paths.flat())]
}

/** Small tensors, read as float32. */
function readersOf(config: ModelConfig, weights: ModelWeights) {
  const vector = (name: string, size: number): Promise<Float32Array> => weights.read(name, [size])
  const biasOf = async (parts: readonly MatrixTensor[]): Promise<Float32Array | undefined> => {
    if (parts.every(({ bias }) => bias === undefined)) return undefined
    const all = new Float32Array(parts.reduce((sum, { outSize }) => sum + outSize, 0))
    let filled = 0
    for (const { bias, outSize } of parts) {
      if (bias !== undefined) all.set(await vector(bias, outSize), filled)
      filled += outSize
    }
    return all
  }
  return {
    norm: async ({ weight, bias }: NormTensors): Promise<PlacedNorm> => ({
      weight: await vector(weight, config.hiddenSize),
      bias: bias === undefined ? undefined : await vector(bias, config.hiddenSize),
    }),
    headNorm: async (name: string | undefined): Promise<Float32Array | undefined> =>
      name === undefined ? undefined : vector(name, config.headDim),
    matrix: async (plan: MatrixPlan, section: SectionFile | undefined, layer: number): Promise<PlacedMatrix> => {
      const { inSize, outSize, form, parts } = plan
      const arrays = section?.matrices.find((matrix) => matrix.plan === plan)?.arrays ?? []
      return { name: `${layer}.${plan.name}`, inSize, outSize, form, arrays, bias: await biasOf(parts) }
    },
  }
}
