import { DsdError } from '@dsd-lab/core'
import { type Finding, writable } from './finding.ts'

export async function model(ref: string, gives: string): Promise<Finding> {
  const { openModel } = await import('@dsd-lab/node-runtime')
  try {
    const { parameters, config } = await openModel(ref)
    return {
      what: ref,
      present: true,
      detail: `${(parameters / 1e6).toFixed(2)} M parameters, ${config.layers} layers`,
      gives,
    }
  } catch (error) {
    if (error instanceof DsdError) return { what: ref, present: false, detail: error.line, gives }
    throw error
  }
}

export async function pip(): Promise<Finding> {
  const { pipReachability } = await import('@dsd-lab/node-runtime')
  return {
    what: 'pip',
    ...(await pipReachability()),
    gives: 'exp models pull --mirror pip, where the hub is not reachable',
  }
}

export async function hub(): Promise<Finding> {
  const { hubReachability } = await import('@dsd-lab/node-runtime')
  return { what: 'hub', ...(await hubReachability()), gives: 'exp models pull of any model on the Hugging Face hub' }
}

export async function modelCache(): Promise<Finding> {
  const { cacheFolder, listModels, sizeText } = await import('@dsd-lab/node-runtime')
  const place = await writable('model cache', cacheFolder('models'), 'a place for models: choose one with DSD_CACHE')
  if (!place.present) return place
  const here = (await listModels()).filter(({ path }) => path !== undefined)
  const bytes = here.reduce((sum, one) => sum + one.bytes, 0)
  const models = here.length === 0 ? 'no model pulled' : `${here.map(({ ref }) => ref).join(', ')}: ${sizeText(bytes)}`
  return { ...place, detail: `${place.detail}; ${models}` }
}
