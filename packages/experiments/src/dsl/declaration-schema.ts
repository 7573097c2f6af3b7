import type { RuleSpec } from '@dsd-lab/core'
import { z } from 'zod'
import { PROMPT_FORMS } from '../datasets/prompt-form.ts'
import type { DrafterSpec } from '../drafters/define-drafter.ts'
import { fields, flag, list, numberIn, oneOf, sweepable, text } from './fields.ts'
import { hostAddress, isHost } from './host-address.ts'
import { field, mistake, pickedBy, show } from './mistake.ts'
import { isRecord, type Sweepable } from './sweep.ts'

const count = numberIn({ min: 0, integer: true })
const positive = numberIn({ min: 1, integer: true })
const ms = sweepable(numberIn({ min: 0 }))

const taskSchema = fields({
  name: text("name a task, e.g. 'word-problems'"),
  limit: numberIn({ min: 2, integer: true, fix: 'choose at least 2 items: one gives no interval' }).exactOptional(),
  seed: count.exactOptional(),
  maxTokens: positive.exactOptional(),
  prompt: oneOf(PROMPT_FORMS).exactOptional(),
})

/** The drafter checks its own parameters when the plan is made. */
const drafterSchema = field<DrafterSpec>((value) =>
  isRecord(value) && typeof value.kind === 'string'
    ? { value: { ...value, kind: value.kind } }
    : mistake(`${show(value)} does not draft`, "name a model, e.g. 'bundled:lab-draft', or give promptLookup()"),
)
const draftSchema = pickedBy<string | DrafterSpec>((value) =>
  isRecord(value) ? drafterSchema : text("name a model, e.g. 'bundled:lab-draft', or give promptLookup()"),
)

const declaredCompute = fields({ baseMs: ms, perRowMs: ms, draftStepMs: ms.exactOptional() })
const computeSchema = pickedBy<z.infer<typeof declaredCompute> | 'measured'>((value) =>
  value === 'measured'
    ? z.literal('measured')
    : isRecord(value)
      ? declaredCompute
      : mistake(`${show(value)} is not a compute model`, "give { baseMs, perRowMs } or 'measured'"),
)

const nodeSchema = fields({
  speed: numberIn({ min: 0.001, fix: 'give how fast it is beside the others, e.g. 0.5' }).exactOptional(),
  memoryMb: numberIn({ min: 1 }).exactOptional(),
})
const nodesSchema = pickedBy<Sweepable<number> | readonly z.infer<typeof nodeSchema>[]>((value) =>
  Array.isArray(value)
    ? list(nodeSchema, 'give at least one node, e.g. [{ speed: 1 }, { speed: 0.5 }]')
    : sweepable(numberIn({ min: 1, integer: true, fix: 'choose at least 1 node' })),
)

/** Looked into when the plan is made: link profiles and rules know their own fields. */
const linkSchema = field<string | Readonly<Record<string, unknown>>>((value) =>
  typeof value === 'string' || isRecord(value)
    ? { value }
    : mistake(`${show(value)} is not a link`, 'name a profile, or give { latencyMs, jitterMs, bandwidthMbps, loss }'),
)
const ruleSchema = field<RuleSpec>((value) =>
  isRecord(value) && typeof value.name === 'string'
    ? { value: { ...value, name: value.name } }
    : mistake(`${show(value)} is not an acceptance rule`, 'give one of strict(), coupled(), dsdAdaptive({ tau }), ...'),
)

const windowSize = numberIn({ min: 1, max: 32, integer: true, fix: "choose a whole number in [1, 32], or 'auto'" })
const windowSchema = pickedBy<number | 'auto'>((value) => (value === 'auto' ? z.literal('auto') : windowSize))

const autoregressiveArm = fields({ decode: z.literal('autoregressive') })
const speculativeArm = fields({
  decode: z.literal('speculative'),
  gamma: sweepable(windowSchema),
  accept: ruleSchema,
  draftAhead: flag.exactOptional(),
})
const armSchema = pickedBy<z.infer<typeof autoregressiveArm> | z.infer<typeof speculativeArm>>((value) => {
  if (!isRecord(value))
    return mistake(`${show(value)} is not an arm`, "give { decode: 'autoregressive' }, or one with gamma and accept")
  if (value.decode === 'autoregressive') return autoregressiveArm
  if (value.decode === 'speculative') return speculativeArm
  return mistake(`${show(value.decode)} is not a way to decode`, 'choose autoregressive or speculative')
})

const nodeAddress = field<string>((value) =>
  typeof value === 'string' && hostAddress(value)?.port !== undefined
    ? { value }
    : mistake(
        `${show(value)} is not an address of a node`,
        "give host and port as dsd-node printed them, e.g. '10.0.0.7:4100'",
      ),
)
const hostName = field<string>((value) =>
  typeof value === 'string' && isHost(value)
    ? { value }
    : mistake(
        `${show(value)} is not an address of this machine`,
        "give it without a port, e.g. '10.0.0.5' or 'fd00::5'",
      ),
)
const liveSchema = fields({
  cells: positive,
  prompts: positive,
  nodes: list(
    nodeAddress,
    "give the address of every node, head first, e.g. ['10.0.0.7:4100', '10.0.0.8:4100']",
  ).exactOptional(),
  links: oneOf(['emulated', 'real']).exactOptional(),
  host: hostName.exactOptional(),
})

/** The fields of an experiment, each by itself. */
export const declarationSchema = fields({
  title: text('give the question that the experiment answers'),
  models: fields({
    target: text("name a model, e.g. 'bundled:lab-target'"),
    draft: draftSchema.exactOptional(),
    draftPrecision: text("name a precision, e.g. 'q4-all', or leave it out").exactOptional(),
    engine: text("name an engine, e.g. 'tfjs-wasm', or leave it out").exactOptional(),
  }),
  tasks: list(taskSchema, "give at least one, e.g. task('word-problems')"),
  cluster: fields({
    nodes: nodesSchema,
    compute: computeSchema,
    link: linkSchema,
  }),
  arms: z.record(z.string(), armSchema, { error: () => 'is not an object of arms' }),
  baseline: text('name one of the arms'),
  sampling: fields({
    temperature: numberIn({ min: 0, max: 2 }),
    topK: positive.exactOptional(),
    topP: numberIn({ min: 0.01, max: 1 }).exactOptional(),
  }).exactOptional(),
  seeds: list(count, 'give at least one seed').exactOptional(),
  live: liveSchema.exactOptional(),
  marginPoints: numberIn({ min: 0.01, max: 99 }).exactOptional(),
})

/** A declaration that holds together; names of models, tasks, links and rules are looked up when the plan is made. */
export type Experiment = Readonly<z.infer<typeof declarationSchema>>
export type ExperimentArm = Experiment['arms'][string]
