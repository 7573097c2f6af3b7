import { z } from 'zod'
import { quoted } from '../weights/gguf/refusal.ts'

/** Number of rows, columns, heads, layers, ... */
export const size = z.number().int().positive()

/** One id, several or none. */
const tokenIds = z.union([z.number().int(), z.array(z.number().int())]).nullish()

/** The fields of config.json that every family has. */
export const textFields = { bos_token_id: tokenIds, eos_token_id: tokenIds }

export const textEnds = (raw: z.output<z.ZodObject<typeof textFields>>) => ({
  bos: [raw.bos_token_id ?? []].flat()[0],
  eos: [raw.eos_token_id ?? []].flat(),
})

/** An activation by one of the names that transformers has for it. */
export const activation = (names: readonly string[]) =>
  z.string().refine((name) => names.includes(name), {
    error: ({ input }) => `activation ${quoted(String(input))} is not supported (only ${names.join(', ')})`,
  })
