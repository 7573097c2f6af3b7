import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants } from 'node:zlib'
import type { z } from 'zod'
import { damaged } from './damaged.ts'

const WINDOW_BITS = 24

/** One JSON value a line, compressed with brotli. The same values give the same bytes. */
export function packLines(values: readonly unknown[]): Promise<Buffer> {
  return packText(values.map((value) => `${JSON.stringify(value)}\n`).join(''))
}

export function packText(text: string): Promise<Buffer> {
  return promisify(brotliCompress)(text, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_QUALITY]: 9,
      [constants.BROTLI_PARAM_LGWIN]: WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  })
}

/** @throws DsdError `environment` as `parseChecked`, the line counted from 1. */
export async function unpackLines<Schema extends z.ZodType>({
  packed,
  schema,
  where,
}: {
  readonly packed: Buffer
  readonly schema: Schema
  /** Path below the folder of evidence. */
  readonly where: string
}): Promise<z.infer<Schema>[]> {
  return (await unpackText({ packed, where }))
    .split('\n')
    .slice(0, -1)
    .map((text, index) => parseChecked({ text, schema, where: `${where}:${index + 1}` }))
}

/** @throws DsdError `environment` when it is not compressed with brotli. */
export async function unpackText({
  packed,
  where,
}: {
  readonly packed: Buffer
  /** Path below the folder of evidence. */
  readonly where: string
}): Promise<string> {
  const unpacked = await promisify(brotliDecompress)(packed).catch((cause: unknown) => {
    throw damaged(where, 'is not compressed with brotli', cause)
  })
  return unpacked.toString('utf8')
}

/** @throws DsdError `environment` when the text is no JSON of this schema; it names the first field that does not fit. */
export function parseChecked<Schema extends z.ZodType>({
  text,
  schema,
  where,
}: {
  readonly text: string
  readonly schema: Schema
  readonly where: string
}): z.infer<Schema> {
  const parsed = schema.safeParse(parseJson(text, where))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
  throw damaged(where, `does not fit the schema: ${field}${issue?.message ?? 'unknown'}`, parsed.error)
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw damaged(where, 'is no JSON', cause)
  }
}
