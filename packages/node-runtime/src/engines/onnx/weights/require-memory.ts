import { DsdError } from '@dsd-lab/core'
import { memoryHere } from '../../../memory-here.ts'
import { sizeText } from '../../../model-sources/size-text.ts'

export interface MemoryDemand {
  readonly model: string
  readonly layers: number
  /** Of the converted weights; the engine holds them in a form that is no smaller. */
  readonly bytes: number
}

/** @throws DsdError when the weights alone are more than this process may ever have */
export function requireMemory({ model, layers, bytes }: MemoryDemand, memoryBytes = memoryHere()): void {
  if (bytes <= memoryBytes) return
  throw new DsdError(
    `the weights of ${layers} layers take ${sizeText(bytes)} in memory, and this machine has ${sizeText(memoryBytes)}`,
    {
      kind: 'environment',
      where: model,
      fix: 'cut the model over more machines, or take a smaller one or another precision',
    },
  )
}
