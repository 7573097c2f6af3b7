import { readFile } from 'node:fs/promises'
import { DsdError } from '@dsd-lab/core'
import { z } from 'zod'

const id = z.number().int().nonnegative()
const atPosition = { position: z.number().int().nonnegative() }

const caseSchema = z
  .object({
    label: z.string().optional(),
    inputIds: z.array(id).min(1),
    /** The largest logits of a position, and the logarithm of the sum of e^logit over the whole vocabulary. */
    logitsTop: z
      .array(
        z.object({ ...atPosition, ids: z.array(id), logits: z.array(z.number()), logSumExp: z.number().optional() }),
      )
      .default([]),
    /** Logits of a position at the file's `sampleIds`. */
    logitsSample: z.array(z.object({ ...atPosition, logits: z.array(z.number()) })).default([]),
    /** Ids that follow the prompt, past any end of text. */
    greedy: z.array(id).default([]),
    /** Largest less second largest logit at each of those steps. */
    greedyMargins: z.array(z.number()).optional(),
  })
  .refine(({ logitsTop, logitsSample, inputIds }) => {
    return [...logitsTop, ...logitsSample].every(({ position }) => position < inputIds.length)
  }, 'a position lies behind the prompt')
  .refine(
    ({ logitsTop }) => logitsTop.every(({ ids, logits }) => ids.length === logits.length),
    'logitsTop has not one logit for each id',
  )
  .refine(
    ({ greedy, greedyMargins }) => greedyMargins === undefined || greedyMargins.length === greedy.length,
    'greedyMargins has not one margin for each id',
  )

const words = z.union([z.string(), z.array(z.string())]).transform((given) => [given].flat())

const refusalSchema = z.object({
  expect: z.literal('error'),
  /** What the refusal has to name, in any case of letters. */
  names: words.optional(),
})

const logitsSchema = z
  .object({
    expect: z.literal('logits').optional(),
    sampleIds: z.array(id).default([]),
    cases: z.array(caseSchema).min(1),
    /** Of the weight file that the logits belong to. */
    fileSha256: z.string().optional(),
  })
  .refine(
    ({ cases, sampleIds }) =>
      cases.every(({ logitsSample }) => logitsSample.every(({ logits }) => logits.length === sampleIds.length)),
    'logitsSample has not one logit for each of sampleIds',
  )

/** Logits and greedy ids that a model must give. */
export type GoldenLogits = z.output<typeof logitsSchema>
export type GoldenCase = GoldenLogits['cases'][number]
/** A model that must be refused. */
export type GoldenRefusal = z.output<typeof refusalSchema>

/** @throws DsdError `bad-input` in one line when the file is missing or is no golden file. */
export async function readGolden(path: string): Promise<GoldenLogits | GoldenRefusal> {
  const bad = (message: string, cause: unknown): DsdError =>
    new DsdError(message, { kind: 'bad-input', where: path, fix: 'give a golden.json', cause })
  const json = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw bad('the golden file cannot be read', cause)
  })
  let raw: unknown
  try {
    raw = JSON.parse(json)
  } catch (cause) {
    throw bad('not valid JSON', cause)
  }
  const isRefusal = z.looseObject({ expect: z.literal('error') }).safeParse(raw).success
  const parsed = (isRefusal ? refusalSchema : logitsSchema).safeParse(raw)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw bad(`not a golden file: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}`, parsed.error)
}
