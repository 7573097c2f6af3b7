import { DsdError, suggestName } from '@dsd-lab/core'
import type { EngineName, ModelSource, Precision } from '@dsd-lab/node-runtime'
import { Command, InvalidArgumentError } from 'commander'
import type { LogitsVerdict } from '../../../golden/check-logits.ts'
import { type GoldenLogits, type GoldenRefusal, readGolden } from '../../../golden/golden-file.ts'
import { convertModels } from '../../convert-models.ts'
import { untilInterrupted } from '../../interruption.ts'
import { progressLine } from '../../progress-line.ts'
import { print, printJson, type Terminal } from '../../terminal.ts'
import { runtime } from './runtime.ts'
import { refusalText, verdictText } from './verdict-text.ts'

interface VerifyOptions {
  readonly golden: string
  readonly engine?: string
  readonly precision: string
  readonly nodes: number
  readonly tolerance?: number
  readonly json?: boolean
}

const EXPLANATION = `
A golden file holds prompts with reference logits and greedy ids of a model, or says that it must be refused:
  { "cases": [{ "inputIds", "logitsTop": [{ "position", "ids", "logits", "logSumExp" }], "greedy", "greedyMargins" }] }
  { "expect": "error", "names": "what the refusal has to name" }
The model is really cut into --nodes shards; the prompt runs in one pass, then the greedy ids one by one with the cache.
Exit code 1: a logit, or the logSumExp, is further off than the tolerance, or a greedy id differs where the margin is over twice that.
`

export function verifyCommand(to: Terminal): Command {
  return new Command('verify')
    .description('compare what a model computes with the reference logits of a golden file')
    .argument('<model>', 'bundled:lab-target, bundled:lab-draft, hf:owner/name, a name of the catalogue, or a path')
    .requiredOption('--golden <file>', 'golden.json')
    .option('--engine <name>', 'engine (default: chosen for the model)')
    .option(
      '--precision <recipe>',
      'f32 as the reference, or one of q8, q4, q4-all, as-stored with a tolerance of your own (engine onnx)',
      'f32',
    )
    .option('--nodes <count>', 'shards to cut the model into', wholeNumber, 1)
    .option(
      '--tolerance <number>',
      'largest difference of a logit (default: 2e-4 for safetensors, 2e-3 for GGUF)',
      positiveNumber,
    )
    .option('--json', 'print as JSON')
    .addHelpText('after', EXPLANATION)
    .action(async (ref: string, options: VerifyOptions) => {
      const golden = await readGolden(options.golden)
      const [engine, precision] = [await engineOf(options.engine), await precisionOf(options.precision)]
      const request = { ref, engine, precision, options, to }
      return 'cases' in golden ? verifyLogits(golden, request) : verifyRefusal(golden, request)
    })
}

interface Request {
  readonly ref: string
  readonly engine: EngineName | undefined
  readonly precision: Precision
  readonly options: VerifyOptions
  readonly to: Terminal
}

async function verifyLogits(golden: GoldenLogits, { ref, engine, precision, options, to }: Request): Promise<void> {
  const { openModel } = await runtime()
  const { checkLogits, DEFAULT_TOLERANCE } = await import('../../../golden/check-logits.ts')
  using interruption = untilInterrupted()
  const model = await openModel(ref)
  requireLayers(model, options.nodes)
  await convertModels({ models: [model], engine, precision, signal: interruption.signal, stream: to.err })
  const verdict = await within(progressLine(to.err, `${ref}: row`), (progress) =>
    checkLogits({
      model,
      golden,
      engine,
      precision,
      nodes: options.nodes,
      tolerance: options.tolerance ?? DEFAULT_TOLERANCE[model.format],
      signal: interruption.signal,
      onProgress: progress.update,
    }),
  )
  if (options.json === true) printJson(to, { model: ref, ...verdict })
  else print(to, verdictText(ref, verdict))
  if (!verdict.passed) throw failure(ref, verdict)
}

async function verifyRefusal(golden: GoldenRefusal, { ref, engine, precision, options, to }: Request): Promise<void> {
  const { checkRefusal } = await import('../../../golden/check-refusal.ts')
  const verdict = await checkRefusal({ ref, golden, engine, precision, nodes: options.nodes })
  if (options.json === true) printJson(to, { model: ref, ...verdict })
  else if (verdict.passed) print(to, refusalText(verdict))
  if (verdict.passed) return
  const { refusal, missing } = verdict
  throw new DsdError(
    refusal === undefined
      ? 'the model was loaded, and the golden file says that it must be refused'
      : `the refusal does not name ${missing.join(', ')}: ${refusal}`,
    { kind: 'numeric', where: ref },
  )
}

function failure(ref: string, { tolerance, firstDifferingId, ...verdict }: LogitsVerdict): DsdError {
  const { largestLogitDifference, largestLogSumExpDifference } = verdict
  const most = Math.max(largestLogitDifference.value, largestLogSumExpDifference.value)
  const what =
    most > tolerance
      ? `the largest difference is ${most.toPrecision(3)}, above the tolerance of ${tolerance}`
      : firstDifferingId === undefined
        ? `a margin is ${verdict.largestMarginDifference.value.toPrecision(3)} off, above twice the tolerance of ${tolerance}`
        : `greedy step ${firstDifferingId.step} of case ${firstDifferingId.label} differs`
  return new DsdError(what, { kind: 'numeric', where: ref })
}

async function within<D extends Disposable, T>(display: D, run: (display: D) => Promise<T>): Promise<T> {
  using shown = display
  return await run(shown)
}

/** @throws DsdError when no engine has the name, or it cannot be started here */
async function engineOf(name: string | undefined): Promise<EngineName | undefined> {
  if (name === undefined || name === 'auto') return undefined
  const { ENGINE_NAMES, isAvailable } = await runtime()
  const engine = ENGINE_NAMES.find((known) => known === name)
  if (engine === undefined) {
    const fix = suggestName(name, ENGINE_NAMES)
    throw new DsdError(`no engine is called ${name}`, { kind: 'bad-input', where: '--engine', fix })
  }
  if (isAvailable(engine)) return engine
  throw new DsdError(`${engine} is not set up here`, {
    kind: 'environment',
    where: '--engine',
    fix: 'exp doctor says how to get it',
  })
}

async function precisionOf(name: string): Promise<Precision> {
  const { PRECISIONS } = await runtime()
  const precision = PRECISIONS.find((known) => known === name)
  if (precision !== undefined) return precision
  throw new DsdError(`no precision is called ${name}`, {
    kind: 'bad-input',
    where: '--precision',
    fix: suggestName(name, PRECISIONS),
  })
}

function requireLayers({ ref, config: { layers } }: ModelSource, nodes: number): void {
  if (nodes <= layers) return
  throw new DsdError(`${nodes} shards for the ${layers} layers of ${ref}`, {
    kind: 'bad-input',
    where: '--nodes',
    fix: `choose at most ${layers}`,
  })
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1) return value
  throw new InvalidArgumentError('give a whole number of at least 1')
}

function positiveNumber(text: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new InvalidArgumentError('give a number above 0, as 2e-4')
}
