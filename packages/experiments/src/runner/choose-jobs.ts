import { availableParallelism, freemem } from 'node:os'
import { DsdError } from '@dsd-lab/core'
import { type EngineName, type ModelSource, memoryHere } from '@dsd-lab/node-runtime'

/** From here on a process has use for several cores, and every further one would hold the weights again. */
const LARGE_PARAMETERS = 20e6
/**
 * Two texts beside each other, each with half of the threads, hide each other's waits: on 2 cores 1.25 times the tokens a second of one that
 * has both. More workers would wait for memory.
 */
const LARGE_JOBS = 2
/** Node, the engine and what it computes with, beside the weights. */
const BESIDE_BYTES = 150 * 2 ** 20

export interface ChosenJobs {
  /** Worker processes. >= 1 */
  readonly jobs: number
  /** Why so few; absent where there is nothing to say. */
  readonly note?: string
}

/** What the choice depends on of this machine. */
export interface Machine {
  readonly cores: number
  readonly freeBytes: number
  readonly totalBytes: number
}

/**
 * How many workers decode at the same time; each holds target and draft model.
 *
 * @param asked overrides the choice, within the memory of the machine
 * @throws DsdError `environment` when the models are larger than the machine's memory.
 */
export function chooseJobs({
  models,
  engine,
  asked,
  machine = thisMachine(),
}: {
  readonly models: readonly Pick<ModelSource, 'parameters' | 'weightBytes'>[]
  readonly engine: EngineName
  readonly asked: number | undefined
  readonly machine?: Machine
}): ChosenJobs {
  const { cores, freeBytes, totalBytes } = machine
  const bytes = models.reduce((sum, model) => sum + residentBytes(model, engine), BESIDE_BYTES)
  if (bytes > totalBytes) {
    throw new DsdError(`one worker needs about ${gigabytes(bytes)}, and this machine has ${gigabytes(totalBytes)}`, {
      kind: 'environment',
      where: 'models',
      fix: 'choose smaller models or a coarser quantisation',
    })
  }
  const fitting = Math.max(1, Math.floor(freeBytes / bytes))
  if (asked !== undefined) {
    return asked <= fitting
      ? { jobs: asked }
      : {
          jobs: asked,
          note: `${asked} workers need about ${gigabytes(asked * bytes)}, and ${gigabytes(freeBytes)} are free`,
        }
  }
  if (models.some(({ parameters }) => parameters > LARGE_PARAMETERS)) {
    return engine === 'onnx' && Math.min(fitting, cores) >= LARGE_JOBS
      ? {
          jobs: LARGE_JOBS,
          note: `${LARGE_JOBS} workers of about ${gigabytes(bytes)}, which share the cores (--jobs overrides)`,
        }
      : { jobs: 1, note: `one worker of about ${gigabytes(bytes)}: its engine uses every core (--jobs overrides)` }
  }
  return fitting < cores
    ? { jobs: fitting, note: `${fitting} workers: ${gigabytes(freeBytes)} are free` }
    : { jobs: cores }
}

/** An engine of tensors widens weights to float32; onnxruntime packs them again, to about twice their bytes (bench/README.md). */
function residentBytes(
  { parameters, weightBytes }: Pick<ModelSource, 'parameters' | 'weightBytes'>,
  engine: EngineName,
): number {
  return engine.startsWith('tfjs') ? 4 * parameters : 2 * weightBytes
}

function thisMachine(): Machine {
  const totalBytes = memoryHere()
  // A container sees what its host has free, which may be more than it is allowed.
  return { cores: availableParallelism(), freeBytes: Math.min(freemem(), totalBytes), totalBytes }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`
}
