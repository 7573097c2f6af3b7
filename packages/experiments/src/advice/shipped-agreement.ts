import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { readInstalled } from '../store/installed-file.ts'

/** Where the bundled pair agrees on its own tasks: written by `bench/record-agreement.ts`. */
export const SHIPPED_AGREEMENT = fileURLToPath(new URL('../../data/shipped-agreement.json', import.meta.url))

const digest = z.string().regex(/^[0-9a-f]{64}$/)

export const shippedAgreementSchema = z.object({
  /** For people: models, tasks, temperature. */
  source: z.string(),
  /** SHA-256 of the weights. */
  digests: z.object({ target: digest, draft: digest }),
  /** Width of the target's hidden states. */
  hiddenSize: z.number().int().positive(),
  /** `matches` is 1 for each token that the draft model would have drafted, else 0. At least two, so that there is an interval. */
  texts: z
    .array(
      z.object({
        item: z.string(),
        promptTokens: z.number().int().nonnegative(),
        matches: z.string().regex(/^[01]+$/),
      }),
    )
    .min(2),
})

export type ShippedAgreement = z.infer<typeof shippedAgreementSchema>

/** @throws DsdError `environment` when the file of this installation is missing or was changed into something else. */
export function readShippedAgreement(path = SHIPPED_AGREEMENT): ShippedAgreement {
  const schema = shippedAgreementSchema
  return readInstalled({
    path,
    schema,
    what: 'record of where the bundled pair agrees',
    instead: 'choose a run with --run',
  })
}
