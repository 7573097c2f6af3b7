import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { PROMPT_FORMS } from '../datasets/prompt-form.ts'
import { readInstalled } from '../store/installed-file.ts'
import type { MeasuredLabels } from './measured-labels.ts'

/** Labels of the bundled pair for the experiments of the catalogue that have an oracle: written by `bench/record-labels.ts`. */
export const SHIPPED_LABELS = fileURLToPath(new URL('../../data/shipped-labels.json', import.meta.url))

const model = z.object({ ref: z.string(), digest: z.string().regex(/^[0-9a-f]{64}$/) })
const positions = z.array(z.number().int().nonnegative())

export const shippedLabelsSchema = z.array(
  z.object({
    /** Id of the measurement. */
    name: z.string(),
    models: z.object({ target: model, draft: model }),
    engine: z.string(),
    task: z.object({ name: z.string(), maxTokens: z.number().int().positive(), prompt: z.enum(PROMPT_FORMS) }),
    window: z.number().int().positive(),
    texts: z.record(z.string(), z.object({ important: positions, unimportant: positions })),
  }),
)

/** @throws DsdError `environment` when the file of this installation is missing or was changed into something else. */
export function shippedLabels(path = SHIPPED_LABELS): MeasuredLabels[] {
  const schema = shippedLabelsSchema
  const instead = 'measure with exp importance'
  return readInstalled({ path, schema, what: 'record of measured labels', instead }).map(
    ({ task, texts, ...measured }) => ({
      ...measured,
      tasks: [task],
      texts: async (name) => new Map(name === task.name ? Object.entries(texts) : []),
    }),
  )
}
